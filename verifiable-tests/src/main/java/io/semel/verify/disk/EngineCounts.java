package io.semel.verify.disk;

import java.util.Arrays;

/** What happened in a life, or in many. Thread rule: one thread. */
public final class EngineCounts {
    /** What is counted, in the order of a report. */
    public enum Count {
        KILLS("images of kill -9"), POWER_LOSSES("images of a power loss"), LOSSES(
                "  that lost batches not forced"), CRASHED_RECOVERIES("crashes inside recovery"), DEEPEST(
                        "recoveries that crashed three times in a row"), COMPARED(
                                "recoveries compared with a second and a third"), CORRUPTIONS(
                                        "  and with one after a side file was damaged"), FORESEEN(
                                                "looks at what a power loss would leave"), CHECKPOINTS_LOST(
                                                        "openings without a checkpoint that was there"), BATCHES(
                                                                "batches shown"),
        FORCES(
                "forces asked for"), CLOSES("clean closes"), ABANDONED(
                        "closes over a record written in place"), COMPACTIONS("compactions carried to their end"),
        FAILED_FORCES(
                "failed forces, log offline"), FORGETFUL("openings of what a failed force forgot"), FULL(
                        "times without disk"), FAILED_OPENS(
                                "openings that a fault refused");

        private final String words;

        Count(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private final long[] counts = new long[Count.values().length];

    void add(Count what, long count) {
        counts[what.ordinal()] += count;
    }

    void add(EngineCounts other) {
        for (Count what : Count.values()) {
            add(what, other.of(what));
        }
    }

    public long of(Count what) {
        return counts[what.ordinal()];
    }

    public long images() {
        return of(Count.KILLS) + of(Count.POWER_LOSSES);
    }

    long hash() {
        return Arrays.hashCode(counts);
    }
}
