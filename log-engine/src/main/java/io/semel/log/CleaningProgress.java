package io.semel.log;

/**
 * What retention has done since the log was opened.
 *
 * @param deletedSegments    segments that were dropped; the files of the last ones may still be there
 * @param deletedBytes       bytes of batches in them
 * @param segmentsStillRead  dropped or replaced segments whose files wait for readers to let go of them
 * @param lastCleanedMs      when the log was looked at last, milliseconds since the epoch; -1 when it never was
 */
public record CleaningProgress(long deletedSegments, long deletedBytes, int segmentsStillRead, long lastCleanedMs) {
    static final CleaningProgress NONE = new CleaningProgress(0, 0, 0, -1);
}
