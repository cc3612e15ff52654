package io.semel.verify.stress;

import java.util.List;
import java.util.NoSuchElementException;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

import io.semel.log.BatonInterleavings;
import io.semel.log.ClaimInterleavings;
import io.semel.log.IndexInterleavings;
import io.semel.log.LogInterleavings;
import io.semel.log.MarkRingInterleavings;
import io.semel.log.WaiterInterleavings;
import io.semel.log.memory.RegionInterleavings;

/**
 * What Lincheck walks through, and how much of it. Its dice have a fixed seed: the same walk every time.
 *
 * @param type        the steps that threads take and what must hold after them
 * @param scenarios   random lists of steps for three threads
 * @param walksEach   interleavings of each
 * @param callsBefore steps before the threads begin
 */
public record Interleavings(Class<?> type, int scenarios, int walksEach, int callsBefore) {
    private static final int SCENARIOS = 6;
    private static final int WALKS_EACH = 100;
    private static final int THREADS = 3;
    private static final int CALLS_EACH = 2;

    /** A whole log costs milliseconds an interleaving, so fewer; the ring is made by the first call, so none before. */
    public static final List<Interleavings> ALL = List.of(
            new Interleavings(ClaimInterleavings.class, SCENARIOS, WALKS_EACH, 1),
            new Interleavings(MarkRingInterleavings.class, SCENARIOS, WALKS_EACH, 0),
            new Interleavings(BatonInterleavings.class, SCENARIOS, WALKS_EACH, 1),
            new Interleavings(LogInterleavings.class, SCENARIOS / 3, WALKS_EACH / 5, 1),
            new Interleavings(IndexInterleavings.class, SCENARIOS, WALKS_EACH, 1),
            new Interleavings(WaiterInterleavings.class, SCENARIOS, WALKS_EACH, 1),
            new Interleavings(RegionInterleavings.class, SCENARIOS, WALKS_EACH, 1));

    static Interleavings named(String simpleName) {
        return ALL.stream().filter(each -> each.type.getSimpleName().equals(simpleName)).findAny()
                .orElseThrow(() -> new NoSuchElementException("no scenario " + simpleName + " among " + ALL));
    }

    /** The same, with more walks through each scenario. */
    Interleavings times(int factor) {
        return new Interleavings(type, scenarios, walksEach * factor, callsBefore);
    }

    /** @throws AssertionError when an interleaving breaks what must hold; it tells the interleaving */
    public void walk() {
        new ModelCheckingOptions().iterations(scenarios).invocationsPerIteration(walksEach).threads(THREADS)
                .actorsPerThread(CALLS_EACH).actorsBefore(callsBefore).actorsAfter(1).check(type);
    }
}
