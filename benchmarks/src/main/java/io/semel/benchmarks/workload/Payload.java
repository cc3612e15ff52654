package io.semel.benchmarks.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes that every contender writes: 100 of them, of which the first eight are the record's number, so that a reader can
 * be held to what was written.
 */
public final class Payload {
    public static final int LENGTH = 100;

    private static final VarHandle NUMBER = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Payload() {
    }

    public static byte[] create() {
        byte[] payload = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            payload[i] = (byte) i;
        }
        return payload;
    }

    public static void number(byte[] payload, long number) {
        NUMBER.set(payload, 0, number);
    }

    /** The sum of the numbers of the first {@code count} records. */
    public static long sumOf(long count) {
        return count * (count - 1) / 2;
    }

    static void require(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException("measured something else: " + what + " expected=" + expected + " actual="
                    + actual);
        }
    }
}
