package io.semel.log.batch;

import java.nio.ByteBuffer;

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

    private RecordEncoder() {
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
        int at = putCount(bytes, position, sourceOrNull.length);
        System.arraycopy(sourceOrNull, 0, bytes, at, sourceOrNull.length);
        return at + sourceOrNull.length;
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
