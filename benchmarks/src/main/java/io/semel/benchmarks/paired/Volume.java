package io.semel.benchmarks.paired;

import java.util.function.ToLongFunction;

import io.semel.benchmarks.paired.Settings.Amounts;
import io.semel.benchmarks.workload.Payload;

/** How much a contender does in a run, how much it warms up, and how often it gets a turn. Immutable. */
final class Volume {
    /** Warm-up runs are this many times shorter than the timed one: the compiler wants calls, not length. */
    private static final int WARM_UP_PART = 5;

    /**
     * What a 100 B record takes on disk at most, with the overhead of a contender that keeps each in a batch of its
     * own.
     */
    private static final long MOST_BYTES_A_RECORD = 256;

    private final Repetition repetition;
    private final ToLongFunction<Amounts> operations;
    private final ToLongFunction<Amounts> diskBytes;

    /** How often, and how warm. */
    private enum Repetition {
        /** A turn in every round, by a JVM that has run the same before. */
        WARM_EVERY_ROUND,
        /** One turn, because it takes long and writes much, by a warm JVM. */
        WARM_ONCE,
        /** One turn by a JVM that has done nothing yet, as whoever starts after a crash does. */
        COLD_ONCE
    }

    private Volume(Repetition repetition, ToLongFunction<Amounts> operations, ToLongFunction<Amounts> diskBytes) {
        this.repetition = repetition;
        this.operations = operations;
        this.diskBytes = diskBytes;
    }

    /** @param operationsARecord operations for each record of a run: slow contenders do fewer, quick ones more */
    static Volume records(double operationsARecord) {
        return new Volume(Repetition.WARM_EVERY_ROUND, amounts -> (long) (amounts.records() * operationsARecord),
                amounts -> amounts.records() * MOST_BYTES_A_RECORD);
    }

    static Volume sustained(int payloadBytes) {
        return new Volume(Repetition.WARM_ONCE, amounts -> amounts.sustainedBytes() / payloadBytes,
                amounts -> amounts.sustainedBytes() * MOST_BYTES_A_RECORD / Payload.SMALL);
    }

    /** @param times how many times the bytes that are to be opened after a kill */
    static Volume opened(int times) {
        return new Volume(Repetition.COLD_ONCE, amounts -> times * amounts.openBytes() / Payload.LARGE,
                amounts -> times * amounts.openBytes() * 2);
    }

    long operations(Amounts amounts) {
        return Math.max(1, operations.applyAsLong(amounts));
    }

    /** 0 for a cold start. */
    long warmUpOperations(Amounts amounts) {
        long part = Math.max(1, operations(amounts) / WARM_UP_PART);
        return switch (repetition) {
            case WARM_EVERY_ROUND -> part;
            case WARM_ONCE -> Math.min(part, Math.max(1, amounts.records() / WARM_UP_PART));
            case COLD_ONCE -> 0;
        };
    }

    int rounds(int asked) {
        return repetition == Repetition.WARM_EVERY_ROUND ? asked : 1;
    }

    long diskBytes(Amounts amounts) {
        return diskBytes.applyAsLong(amounts);
    }
}
