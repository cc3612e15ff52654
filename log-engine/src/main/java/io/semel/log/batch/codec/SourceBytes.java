package io.semel.log.batch.codec;

import java.util.zip.DataFormatException;

/** Compressed bytes, read forward and never past their end. Thread rule: one thread at a time. */
final class SourceBytes {
    final byte[] bytes;
    int at;
    private final int end;

    SourceBytes(byte[] bytes, int position, int length) {
        this.bytes = bytes;
        at = position;
        end = position + length;
    }

    int left() {
        return end - at;
    }

    int unsignedByte() throws DataFormatException {
        require(Byte.BYTES);
        return bytes[at++] & 0xff;
    }

    int littleEndianInt() throws DataFormatException {
        return Integer.reverseBytes(bigEndianInt());
    }

    int bigEndianInt() throws DataFormatException {
        require(Integer.BYTES);
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << Byte.SIZE | bytes[at++] & 0xff;
        }
        return value;
    }

    void skip(int length) throws DataFormatException {
        require(length);
        at += length;
    }

    void require(int length) throws DataFormatException {
        if (length < 0 || length > left()) {
            throw new DataFormatException("compressed bytes end too early: needed=" + length + " left=" + left()
                    + " at byte " + at);
        }
    }
}
