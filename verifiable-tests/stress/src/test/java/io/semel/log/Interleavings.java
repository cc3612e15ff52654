package io.semel.log;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How much of the space of interleavings every build walks through. Stateless. */
public final class Interleavings {
    private static final int SCENARIOS = 6;
    private static final int INTERLEAVINGS_EACH = 100;
    private static final int THREADS = 3;
    private static final int CALLS_EACH = 2;

    private Interleavings() {
    }

    public static ModelCheckingOptions some() {
        return options(SCENARIOS, INTERLEAVINGS_EACH);
    }

    /** For what costs milliseconds an interleaving. */
    public static ModelCheckingOptions few() {
        return options(SCENARIOS / 3, INTERLEAVINGS_EACH / 5);
    }

    private static ModelCheckingOptions options(int scenarios, int interleavingsEach) {
        return new ModelCheckingOptions().iterations(scenarios).invocationsPerIteration(interleavingsEach)
                .threads(THREADS).actorsPerThread(CALLS_EACH).actorsBefore(1).actorsAfter(1);
    }
}
