package io.semel.log.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of one record, into an array that is known to have room.
 *
 * <p>Thread rule: stateless. A length of {@link RecordCursor#NULL_LENGTH} means null.
 */
final class RecordEncoder {
    /** A record's attributes carry nothing in this version of the format. */
    private static final byte NO_ATTRIBUTES = 0;
    /** -1 in zigzag. */
    private static final byte NULL_VARINT = 1;
    private static final int ONE_BYTE_VARINTS = 1 << 6;
    private static final int TWO_BYTE_VARINTS = 1 << 13;
    private static final int MORE = 0x80;

    /** Little-endian: the first byte is the lowest, so what comes later in a record is further left in the word. */
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** No attributes, and a time stamp that is the batch's: a byte of zero each. */
    private static final int TWO_ZEROS_BITS = 2 * Byte.SIZE;
    private static final int ZIGZAG_ONE_BYTE = 1 << 7;
    /** What stands before the value of a short record, its length fields of at most two bytes each included. */
    private static final int MAX_SHORT_FRAME_LENGTH = 11;

    private RecordEncoder() {
    }

    /**
     * Whether a record is of the usual kind: as old as its batch, without headers, and every count in it below 8 KiB, so that
     * all before the value's length fits one word.
     */
    static boolean isShort(long timestampDelta, int offsetDelta, int keyLength, int valueLength) {
        return timestampDelta == 0 && offsetDelta < TWO_BYTE_VARINTS
                && (long) keyLength + valueLength < TWO_BYTE_VARINTS - MAX_SHORT_FRAME_LENGTH;
    }

    /** As {@link #bodyLength} without headers, of a short record. */
    static int shortBodyLength(int offsetDelta, int keyLength, int valueLength) {
        return 3 + sizeOfShort(offsetDelta) + sizeOfShort(keyLength) + Math.max(keyLength, 0) + sizeOfShort(valueLength)
                + Math.max(valueLength, 0);
    }

    /** Bytes of the varint of a number from -1 to below {@link #TWO_BYTE_VARINTS}. */
    static int sizeOfShort(int number) {
        return number < ONE_BYTE_VARINTS ? 1 : 2;
    }

    /**
     * Everything before a short record's key, its length included, by one store. Eight bytes are written whatever the length,
     * so the array must have them; the last ones are overwritten by what follows.
     *
     * @return where the key goes
     */
    static int putShortPrefix(byte[] bytes, int position, int bodyLength, int offsetDelta, int keyLength) {
        long word = shortVarint(bodyLength << 1);
        int bits = sizeOfShort(bodyLength) * Byte.SIZE + TWO_ZEROS_BITS;
        word |= (long) shortVarint(offsetDelta << 1) << bits;
        bits += sizeOfShort(offsetDelta) * Byte.SIZE;
        word |= (long) shortVarint(keyLength << 1 ^ keyLength >> Integer.SIZE - 1) << bits;
        bits += sizeOfShort(keyLength) * Byte.SIZE;
        WORD.set(bytes, position, word);
        return position + bits / Byte.SIZE;
    }

    private static int shortVarint(int zigzag) {
        return zigzag < ZIGZAG_ONE_BYTE ? zigzag : zigzag & Varints.PAYLOAD | MORE
                | zigzag >>> Varints.BITS_PER_BYTE << Byte.SIZE;
    }

    /** Bytes of a record after its length field; a long, since lengths given by a caller may add up to more. */
    static long bodyLength(long timestampDelta, int offsetDelta, int keyLength, int valueLength, long headersLength) {
        return Byte.BYTES + Varints.sizeOfLong(timestampDelta) + Varints.sizeOfInt(offsetDelta)
                + Varints.sizeOfInt(keyLength) + (long) Math.max(keyLength, 0)
                + Varints.sizeOfInt(valueLength) + Math.max(valueLength, 0) + headersLength;
    }

    /** Bytes of the header count and the headers. */
    static long headersLength(byte[][] keys, byte[][] values) {
        long length = Varints.sizeOfInt(keys.length);
        for (int i = 0; i < keys.length; i++) {
            int valueLength = lengthOf(values[i]);
            length += Varints.sizeOfInt(keys[i].length) + (long) keys[i].length + Varints.sizeOfInt(valueLength)
                    + Math.max(valueLength, 0);
        }
        return length;
    }

    static int lengthOf(byte[] bytesOrNull) {
        return bytesOrNull == null ? RecordCursor.NULL_LENGTH : bytesOrNull.length;
    }

    /** Everything before the key's length. */
    static int putPrefix(byte[] bytes, int position, int bodyLength, long timestampDelta, int offsetDelta) {
        int at = putCount(bytes, position, bodyLength);
        bytes[at] = NO_ATTRIBUTES;
        at = Varints.putLong(bytes, at + 1, timestampDelta);
        return putCount(bytes, at, offsetDelta);
    }

    static int putBytes(byte[] bytes, int position, byte[] sourceOrNull) {
        if (sourceOrNull == null) {
            return putNull(bytes, position);
        }
        return putContent(bytes, putCount(bytes, position, sourceOrNull.length), sourceOrNull);
    }

    /** What follows a length; nothing for null. */
    static int putContent(byte[] bytes, int position, byte[] sourceOrNull) {
        if (sourceOrNull == null) {
            return position;
        }
        System.arraycopy(sourceOrNull, 0, bytes, position, sourceOrNull.length);
        return position + sourceOrNull.length;
    }

    static int putBytes(byte[] bytes, int position, ByteBuffer source, int sourcePosition, int length) {
        if (length == RecordCursor.NULL_LENGTH) {
            return putNull(bytes, position);
        }
        int at = putCount(bytes, position, length);
        source.get(sourcePosition, bytes, at, length);
        return at + length;
    }

    static int putNull(byte[] bytes, int position) {
        bytes[position] = NULL_VARINT;
        return position + 1;
    }

    static int putHeaders(byte[] bytes, int position, byte[][] keys, byte[][] values) {
        int at = putCount(bytes, position, keys.length);
        for (int i = 0; i < keys.length; i++) {
            at = putBytes(bytes, at, keys[i]);
            at = putBytes(bytes, at, values[i]);
        }
        return at;
    }

    /** A number that is never negative; lengths below 8 KiB, the usual case, take no loop. */
    static int putCount(byte[] bytes, int position, int count) {
        if (count < ONE_BYTE_VARINTS) {
            bytes[position] = (byte) (count << 1);
            return position + 1;
        }
        if (count < TWO_BYTE_VARINTS) {
            bytes[position] = (byte) (count << 1 | MORE);
            bytes[position + 1] = (byte) (count >>> 6);
            return position + 2;
        }
        return Varints.putInt(bytes, position, count);
    }
}
