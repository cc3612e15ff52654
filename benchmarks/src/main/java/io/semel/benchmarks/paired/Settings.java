package io.semel.benchmarks.paired;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How to measure.
 *
 * @param depth     quick runs show that everything works, and little else
 * @param rounds    how often everybody gets a turn
 * @param amounts   how much is written and read
 * @param warmUp    how long each new JVM runs before its timed run
 * @param directory where the contenders write; everything below it that a run made is deleted after the run
 */
public record Settings(Depth depth, int rounds, Amounts amounts, Duration warmUp, Path directory) {
    /** How much the figures are worth. */
    public enum Depth {
        FULL, QUICK
    }

    /**
     * How much is written and read.
     *
     * @param records        of 100 B in a timed run; contenders whose operations are slower or quicker do a fixed part
     *                       of it
     * @param sustainedBytes payloads in a run that is to outlast what the page cache takes in stride
     * @param openBytes      payloads in a directory that is opened after a kill
     */
    public record Amounts(long records, long sustainedBytes, long openBytes) {
        public Amounts {
            if (records < 1 || sustainedBytes < 1 || openBytes < 1) {
                throw new IllegalArgumentException("must be 1 or more: records=" + records + " sustainedBytes="
                        + sustainedBytes + " openBytes=" + openBytes);
            }
        }
    }

    public Settings {
        if (rounds < 1) {
            throw new IllegalArgumentException("must be 1 or more: rounds=" + rounds);
        }
    }
}
