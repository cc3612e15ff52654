package io.semel.verify.disk;

/**
 * How a run ended.
 *
 * @param hash       the same for the same seed, images and engine
 * @param failedLife the first life in which a property did not hold; -1 when there is none
 * @param failure    which one and how; empty when none
 */
public record EngineResult(EngineCounts counts, long hash, long failedLife, String failure, long elapsedNs) {
    public boolean isClean() {
        return failure.isEmpty();
    }

    public long imagesPerSecond() {
        return counts.images() * 1_000_000_000L / Math.max(1, elapsedNs);
    }
}
