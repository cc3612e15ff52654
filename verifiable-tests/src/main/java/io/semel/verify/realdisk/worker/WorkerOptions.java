package io.semel.verify.realdisk.worker;

import java.nio.file.Path;
import java.util.List;

/**
 * What a worker is told.
 *
 * @param data    where the logs live
 * @param witness where it writes down what it was told and shown; on another disk
 * @param setup   draws the partitions' configurations: the same for all workers of a directory
 * @param life    no two workers of a directory have the same
 */
public record WorkerOptions(Path data, Path witness, long setup, int life, Work work, Weakness weakness) {
    /** What it does once all is checked. */
    public enum Work {
        /** Appends as fast as it can. */
        FILL,
        /** As well, on a disk whose medium fails. */
        FAIL,
        /** Appends at a pace that leaves a directory small enough to be checked often. */
        PACED,
        /** Closes. */
        NONE,
        /** As well, where the page cache may be gone: then PROCESS promises less than was acknowledged. */
        REMOUNTED;

        boolean appends() {
            return this == FILL || this == FAIL || this == PACED;
        }

        /**
         * Whether its disk, full or failing as it may be meant to be, is what says {@code words}: never one that is
         * well.
         */
        boolean mayMeet(String words) {
            return words.contains(FULL) || this == FAIL && FAILED.stream().anyMatch(words::contains);
        }
    }

    private static final String FULL = "No space left on device";
    private static final List<String> FAILED = List.of("Input/output error", "Read-only file system");

    /** Each log's configuration is drawn anew for every directory. */
    public static final int PARTITIONS = 4;

    /** A worker that finds this file among what it witnesses appends no more, and closes. */
    public static final String STOP_FILE = "stop";

    /** While a worker finds this file there, no partition takes a second append before all others took one. */
    public static final String TURNS_FILE = "turns";

    public List<String> toArguments() {
        return List.of(data.toString(), witness.toString(), Long.toString(setup), Integer.toString(life), work.name(),
                weakness.name());
    }

    static WorkerOptions of(String[] arguments) {
        return new WorkerOptions(Path.of(arguments[0]), Path.of(arguments[1]), Long.parseLong(arguments[2]),
                Integer.parseInt(arguments[3]), Work.valueOf(arguments[4]), Weakness.valueOf(arguments[5]));
    }
}
