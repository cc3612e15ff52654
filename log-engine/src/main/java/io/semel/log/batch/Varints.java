package io.semel.log.batch;

import java.nio.ByteBuffer;

/**
 * Zigzag varints: seven bits to a byte, lowest first, the top bit says that more follow; zigzag maps 0, -1, 1, -2 to
 * 0, 1, 2, 3, so that small negative numbers stay short.
 *
 * <p>Reading takes two steps, both without state: {@link #lengthOfInt} finds the end within a limit, then
 * {@link #getInt} decodes. The second may only be called where the first succeeded, so nothing reads past the limit.
 *
 * <p>Thread rule: stateless.
 */
public final class Varints {
    /** Bytes of the longest 32-bit varint: 32 bits in groups of seven. */
    public static final int MAX_INT_LENGTH = 5;

    /** Bytes of the longest 64-bit varint. */
    public static final int MAX_LONG_LENGTH = 10;

    /** What a length is when the limit or the longest legal form is passed before the last byte. */
    public static final int MALFORMED = -1;

    static final int BITS_PER_BYTE = 7;
    private static final int MORE = 0x80;
    static final int PAYLOAD = 0x7f;
    private static final int ONE_BYTE = (1 << BITS_PER_BYTE) - 1;
    private static final int TWO_BYTES = (1 << 2 * BITS_PER_BYTE) - 1;

    private Varints() {
    }

    public static int sizeOfInt(int value) {
        int bits = zigzag(value);
        // Two predictable branches are quicker than a count of zeros and a division, and long ones are rare.
        if ((bits & ~ONE_BYTE) == 0) {
            return 1;
        }
        if ((bits & ~TWO_BYTES) == 0) {
            return 2;
        }
        return (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(bits)) / BITS_PER_BYTE + 1;
    }

    public static int sizeOfLong(long value) {
        long bits = zigzag(value);
        if ((bits & ~ONE_BYTE) == 0) {
            return 1;
        }
        if ((bits & ~TWO_BYTES) == 0) {
            return 2;
        }
        return (Long.SIZE - 1 - Long.numberOfLeadingZeros(bits)) / BITS_PER_BYTE + 1;
    }

    /** @return the position after the last byte written */
    public static int putInt(byte[] bytes, int position, int value) {
        int rest = zigzag(value);
        int at = position;
        while ((rest & ~PAYLOAD) != 0) {
            bytes[at++] = (byte) (rest | MORE);
            rest >>>= BITS_PER_BYTE;
        }
        bytes[at] = (byte) rest;
        return at + 1;
    }

    /** @return the position after the last byte written */
    public static int putLong(byte[] bytes, int position, long value) {
        long rest = zigzag(value);
        int at = position;
        while ((rest & ~PAYLOAD) != 0) {
            bytes[at++] = (byte) (rest | MORE);
            rest >>>= BITS_PER_BYTE;
        }
        bytes[at] = (byte) rest;
        return at + 1;
    }

    /** @return the position after the last byte written */
    public static int putInt(ByteBuffer buffer, int position, int value) {
        int rest = zigzag(value);
        int at = position;
        while ((rest & ~PAYLOAD) != 0) {
            buffer.put(at++, (byte) (rest | MORE));
            rest >>>= BITS_PER_BYTE;
        }
        buffer.put(at, (byte) rest);
        return at + 1;
    }

    /** @return the position after the last byte written */
    public static int putLong(ByteBuffer buffer, int position, long value) {
        long rest = zigzag(value);
        int at = position;
        while ((rest & ~PAYLOAD) != 0) {
            buffer.put(at++, (byte) (rest | MORE));
            rest >>>= BITS_PER_BYTE;
        }
        buffer.put(at, (byte) rest);
        return at + 1;
    }

    /** @return bytes of the 32-bit varint at {@code position}, or {@link #MALFORMED} */
    public static int lengthOfInt(ByteBuffer buffer, int position, int limit) {
        return length(buffer, position, limit, MAX_INT_LENGTH);
    }

    /** @return bytes of the 64-bit varint at {@code position}, or {@link #MALFORMED} */
    public static int lengthOfLong(ByteBuffer buffer, int position, int limit) {
        return length(buffer, position, limit, MAX_LONG_LENGTH);
    }

    private static int length(ByteBuffer buffer, int position, int limit, int maxLength) {
        int available = Math.min(limit - position, maxLength);
        for (int i = 0; i < available; i++) {
            if (buffer.get(position + i) >= 0) {
                return i + 1;
            }
        }
        return MALFORMED;
    }

    public static int getInt(ByteBuffer buffer, int position) {
        int bits = 0;
        int at = position;
        for (int shift = 0; shift < MAX_INT_LENGTH * BITS_PER_BYTE; shift += BITS_PER_BYTE) {
            byte next = buffer.get(at++);
            bits |= (next & PAYLOAD) << shift;
            if (next >= 0) {
                break;
            }
        }
        return unzigzag(bits);
    }

    public static long getLong(ByteBuffer buffer, int position) {
        long bits = 0;
        int at = position;
        for (int shift = 0; shift < MAX_LONG_LENGTH * BITS_PER_BYTE; shift += BITS_PER_BYTE) {
            byte next = buffer.get(at++);
            bits |= (long) (next & PAYLOAD) << shift;
            if (next >= 0) {
                break;
            }
        }
        return bits >>> 1 ^ -(bits & 1);
    }

    static int unzigzag(int bits) {
        return bits >>> 1 ^ -(bits & 1);
    }

    private static int zigzag(int value) {
        return value << 1 ^ value >> Integer.SIZE - 1;
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> Long.SIZE - 1;
    }
}
