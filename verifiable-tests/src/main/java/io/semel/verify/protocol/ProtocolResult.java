package io.semel.verify.protocol;

/**
 * How a run ended.
 *
 * @param hash       of all answers; the same for the same seed, lives and code
 * @param failedLife the first life in which a property did not hold; -1 when there is none
 * @param failure    which one and how; empty when none
 */
public record ProtocolResult(ProtocolCounts counts, long lives, long hash, long failedLife, String failure,
        long elapsedNs) {
    public boolean isClean() {
        return failure.isEmpty();
    }

    public long livesPerSecond() {
        return lives * 1_000_000_000L / Math.max(1, elapsedNs);
    }
}
