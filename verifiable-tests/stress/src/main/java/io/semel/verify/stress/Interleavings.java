package io.semel.verify.stress;

import java.util.List;
import java.util.NoSuchElementException;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

import io.semel.log.BatonInterleavings;
import io.semel.log.ClaimInterleavings;
import io.semel.log.FrontierInterleavings;
import io.semel.log.IndexInterleavings;
import io.semel.log.LogInterleavings;
import io.semel.log.MarkRingInterleavings;
import io.semel.log.WaiterInterleavings;
import io.semel.log.memory.RegionInterleavings;

/**
 * What Lincheck walks through, and how much of it.
 *
 * @param type        the steps that threads take and what must hold after them
 * @param scenarios   random lists of steps for three threads
 * @param walksEach   interleavings of each
 * @param callsEach   steps of each thread
 * @param callsBefore steps before the threads begin
 */
public record Interleavings(Class<?> type, int scenarios, int walksEach, int callsEach, int callsBefore) {
    private static final int THREADS = 3;

    /** A whole log costs milliseconds a walk, so fewer; the ring of marks is made by the first call, so none comes before; the frontier's next append would take along
     * what the last one left behind, so each thread has one. */
    public static final List<Interleavings> ALL = List.of(
            small(ClaimInterleavings.class, 1),
            small(MarkRingInterleavings.class, 0),
            small(BatonInterleavings.class, 1),
            new Interleavings(FrontierInterleavings.class, 1, 400, 1, 0),
            new Interleavings(LogInterleavings.class, 2, 20, 2, 1),
            small(IndexInterleavings.class, 1),
            small(WaiterInterleavings.class, 1),
            small(RegionInterleavings.class, 1));

    private static Interleavings small(Class<?> type, int callsBefore) {
        return new Interleavings(type, 6, 100, 2, callsBefore);
    }

    static Interleavings named(String simpleName) {
        return ALL.stream().filter(each -> each.type.getSimpleName().equals(simpleName)).findAny()
                .orElseThrow(() -> new NoSuchElementException("no scenario " + simpleName + " among " + ALL));
    }

    /** The same, with more walks through each scenario. */
    Interleavings times(int factor) {
        return new Interleavings(type, scenarios, walksEach * factor, callsEach, callsBefore);
    }

    /**
     * No steps come after the threads' own: an append would take along what was left behind.
     *
     * @throws AssertionError when an interleaving breaks what must hold; it tells the interleaving
     */
    public void walk() {
        new ModelCheckingOptions().iterations(scenarios).invocationsPerIteration(walksEach).threads(THREADS)
                .actorsPerThread(callsEach).actorsBefore(callsBefore).actorsAfter(0).check(type);
    }
}
