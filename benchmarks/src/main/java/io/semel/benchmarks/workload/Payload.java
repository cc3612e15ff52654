package io.semel.benchmarks.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes that every contender writes. The first eight are the record's number, so that a reader can be held to what
 * was written; the next eight are the time at which it was to be sent, where latencies are measured.
 */
public final class Payload {
    /** A small event. */
    public static final int SMALL = 100;

    /** A document. */
    public static final int LARGE = 1 << 10;

    /** Where the time stands. */
    public static final int TIME_OFFSET = Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Payload() {
    }

    public static byte[] create(int lengthBytes) {
        byte[] payload = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            payload[i] = (byte) i;
        }
        return payload;
    }

    public static void number(byte[] payload, long number) {
        LONG.set(payload, 0, number);
    }

    public static void time(byte[] payload, long intendedNs) {
        LONG.set(payload, TIME_OFFSET, intendedNs);
    }

    /** The sum of the numbers of the first {@code count} records. */
    public static long sumOf(long count) {
        return count * (count - 1) / 2;
    }

    /** Throws when the outcome is not what was asked for: then the time says nothing. */
    public static void require(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException("measured something else: " + what + " expected=" + expected + " actual="
                    + actual);
        }
    }
}
