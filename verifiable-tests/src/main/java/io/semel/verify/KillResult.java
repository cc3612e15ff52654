package io.semel.verify;

import java.util.List;

/**
 * How a run ended.
 *
 * @param input        the check of the feeder's records
 * @param copy         the check of their copies
 * @param anomalyCount answers of the engine that it must not give
 * @param anomalies    the first of them, in words
 * @param failure      why the run could not go on; empty when it did
 * @param counts       of {@link Tally}, over all workers, up to the last report of each
 */
record KillResult(int kills, Damage input, Damage copy, long anomalyCount, List<String> anomalies, String failure,
        long[] counts, long elapsedMs) {

    boolean isClean() {
        return input.isNone() && copy.isNone() && anomalyCount == 0 && failure.isEmpty();
    }
}
