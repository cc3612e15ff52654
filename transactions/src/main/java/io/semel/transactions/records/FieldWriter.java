package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes Kafka's primitive types into a buffer that grows. One thread at a time; reuse it with {@link #reset()} where
 * records are written often.
 *
 * <p>Strings, bytes and arrays have two encodings, fixed-width lengths and the compact ones of flexible versions;
 * {@link #encoding} chooses for everything written after it.
 */
public final class FieldWriter {

    /** Enough for the key or the value of a one-partition offset commit, the most frequent record. */
    private static final int INITIAL_CAPACITY_BYTES = 128;

    private byte[] bytes = new byte[INITIAL_CAPACITY_BYTES];
    private ByteBuffer lent = ByteBuffer.wrap(bytes);
    /** All of the bytes: numbers are stored whole. */
    private ByteBuffer all = ByteBuffer.wrap(bytes);
    private int length;
    private Encoding encoding = Encoding.FIXED;

    /** Forgets what was written; a buffer from {@link #toBuffer()} taken earlier stays as it was. */
    public FieldWriter reset() {
        length = 0;
        encoding = Encoding.FIXED;
        return this;
    }

    /** A copy of what was written, ready to be read. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(Arrays.copyOf(bytes, length));
    }

    /** What was written, from position 0 to the limit, without a copy: valid until the next write. */
    public ByteBuffer lend() {
        return lent.clear().limit(length);
    }

    FieldWriter encoding(Encoding next) {
        encoding = next;
        return this;
    }

    FieldWriter int8(int value) {
        reserve(Byte.BYTES);
        bytes[length++] = (byte) value;
        return this;
    }

    FieldWriter int16(int value) {
        reserve(Short.BYTES);
        all.putShort(length, (short) value);
        length += Short.BYTES;
        return this;
    }

    FieldWriter int32(int value) {
        reserve(Integer.BYTES);
        all.putInt(length, value);
        length += Integer.BYTES;
        return this;
    }

    FieldWriter int64(long value) {
        reserve(Long.BYTES);
        all.putLong(length, value);
        length += Long.BYTES;
        return this;
    }

    FieldWriter uuid(UUID value) {
        return int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
    }

    FieldWriter unsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            int8(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        return int8(rest);
    }

    FieldWriter string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "string too long: bytes=" + utf8.length + " maximum=" + Short.MAX_VALUE + "; shorten it");
        }
        return encoding == Encoding.COMPACT
                ? unsignedVarint(utf8.length + 1).raw(utf8)
                : int16(utf8.length).raw(utf8);
    }

    FieldWriter nullableString(String value) {
        if (value != null) {
            return string(value);
        }
        return encoding == Encoding.COMPACT ? unsignedVarint(0) : int16(-1);
    }

    FieldWriter bytes(byte[] value) {
        return arrayCount(value.length).raw(value);
    }

    FieldWriter arrayCount(int count) {
        return encoding == Encoding.COMPACT ? unsignedVarint(count + 1) : int32(count);
    }

    FieldWriter nullArray() {
        return encoding == Encoding.COMPACT ? unsignedVarint(0) : int32(-1);
    }

    /** Announces one tagged field, whose value of exactly this length must follow. */
    FieldWriter tag(int tag, int valueLength) {
        return unsignedVarint(tag).unsignedVarint(valueLength);
    }

    static int unsignedVarintLength(int value) {
        int significantBits = Integer.SIZE - Integer.numberOfLeadingZeros(value | 1);
        return (significantBits + 6) / 7;
    }

    private FieldWriter raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), bytes.length * 2));
            lent = ByteBuffer.wrap(bytes);
            all = ByteBuffer.wrap(bytes);
        }
    }
}
