package io.semel.verify.realdisk;

/**
 * How a run ended.
 *
 * @param errorFiles {@code hs_err} files that JVMs left behind
 * @param failure    the promise that does not hold, and where; empty when all do
 */
public record DiskResult(DiskCounts counts, long errorFiles, String failure, long elapsedMs) {
    public boolean isClean() {
        return failure.isEmpty() && errorFiles == 0;
    }
}
