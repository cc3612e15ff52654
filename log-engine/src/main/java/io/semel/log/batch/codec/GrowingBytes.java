package io.semel.log.batch.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/**
 * An array that is appended to, and replaced by a longer one when it is full, up to a limit.
 *
 * <p>Invariant: {@code end <= bytes.length <= limitBytes}. It grows at most to twice of what was really asked for.
 *
 * <p>Thread rule: one thread at a time.
 */
final class GrowingBytes {
    /** Arrays can't be longer on every JVM. */
    static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

    private static final byte[] NOTHING = {};

    byte[] bytes = NOTHING;
    int end;
    private final int limitBytes;

    GrowingBytes(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** @param start whose bytes before are left to the caller */
    void startAt(int start) {
        end = 0;
        room(start);
        end = start;
    }

    /** Lets go of an array that one large batch made long. */
    void dropIfLongerThan(int retainedBytes) {
        if (bytes.length > retainedBytes) {
            bytes = NOTHING;
        }
    }

    int limitBytes() {
        return limitBytes;
    }

    /** What can still be appended before the limit. */
    int leftBytes() {
        return limitBytes - end;
    }

    /** @throws DataFormatException if the limit would be passed, with nothing allocated */
    void roomWithinLimit(int length) throws DataFormatException {
        if (length > leftBytes()) {
            throw limitPassed();
        }
        room(length);
    }

    DataFormatException limitPassed() {
        return new DataFormatException("decompresses to more than the limit of " + limitBytes
                + " bytes; a batch made to exhaust memory, or a reader made for smaller ones");
    }

    /** Makes room for so many more bytes. */
    void room(int length) {
        long needed = (long) end + length;
        if (needed > bytes.length) {
            if (needed > limitBytes) {
                throw new IllegalStateException("no room: needed=" + needed + " limitBytes=" + limitBytes);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, 2L * bytes.length), limitBytes));
        }
    }

    void put(int value) {
        bytes[end++] = (byte) value;
    }

    void put(byte[] source, int position, int length) {
        System.arraycopy(source, position, bytes, end, length);
        end += length;
    }
}
