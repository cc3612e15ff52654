package io.semel.benchmarks.paired;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How to measure.
 *
 * @param rounds    how often everybody gets a turn
 * @param records   per timed run; contenders whose operations are slow do a fixed part of it
 * @param warmUp    how long each new JVM runs before its timed run
 * @param directory where the contenders write; everything below it that a run made is deleted after the run
 */
public record Settings(int rounds, long records, Duration warmUp, Path directory) {
    /** What a 100 B record takes at most, with the overhead of a contender that keeps each in a batch of its own. */
    private static final long MOST_BYTES_A_RECORD = 256;

    /** Chronicle Queue maps whole blocks, the limits whole files, and every file system wants some room. */
    private static final long SLACK_BYTES = 1L << 30;

    public Settings {
        if (rounds < 1 || records < 1) {
            throw new IllegalArgumentException("must be 1 or more: rounds=" + rounds + " records=" + records);
        }
    }

    /** Bytes of disk that a run may take. */
    public long diskBytes() {
        return SLACK_BYTES + MOST_BYTES_A_RECORD * records;
    }
}
