package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Reads Kafka's primitive types from a buffer without trusting it: every length is checked against what is left before
 * anything is allocated, and whatever is wrong is a {@link CorruptRecordException}. One thread; the given buffer's own
 * position does not move.
 */
final class FieldReader {

    private final String what;
    private final ByteBuffer buffer;
    private Encoding encoding = Encoding.FIXED;

    /** @param what names the record in an error message */
    FieldReader(String what, ByteBuffer source) {
        if (source == null) {
            throw new CorruptRecordException("corrupt record: " + what + " is null");
        }
        this.what = what;
        this.buffer = source.duplicate();
    }

    FieldReader encoding(Encoding next) {
        encoding = next;
        return this;
    }

    byte int8() {
        need(Byte.BYTES);
        return buffer.get();
    }

    short int16() {
        need(Short.BYTES);
        return buffer.getShort();
    }

    int int32() {
        need(Integer.BYTES);
        return buffer.getInt();
    }

    long int64() {
        need(Long.BYTES);
        return buffer.getLong();
    }

    UUID uuid() {
        return new UUID(int64(), int64());
    }

    /** The kind of record that a key announces, or the version of a value; refused unless it is within the bounds. */
    short int16Within(String name, int lowest, int highest) {
        short value = int16();
        if (value < lowest || value > highest) {
            throw corrupt(name + "=" + value + " is not known, expected " + lowest + ".." + highest);
        }
        return value;
    }

    String string() {
        String value = nullableString();
        if (value == null) {
            throw corrupt("null where a string must be");
        }
        return value;
    }

    String nullableString() {
        int length = encoding == Encoding.COMPACT ? unsignedVarint() - 1 : int16();
        return length == -1 ? null : new String(raw(length), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return raw(encoding == Encoding.COMPACT ? unsignedVarint() - 1 : int32());
    }

    /** The number of elements, or -1 for a null array; elements take at least {@code elementLength} bytes each. */
    int nullableArrayCount(int elementLength) {
        int count = encoding == Encoding.COMPACT ? unsignedVarint() - 1 : int32();
        if (count < -1 || (long) count * elementLength > buffer.remaining()) {
            throw corrupt("an array of " + count + " elements does not fit");
        }
        return count;
    }

    int arrayCount(int elementLength) {
        int count = nullableArrayCount(elementLength);
        if (count == -1) {
            throw corrupt("null where an array must be");
        }
        return count;
    }

    /** Up to 31 bits: a larger number cannot be a length of anything here. */
    int unsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte next = int8();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                boolean overflows = shift == 28 && next > 0x07;
                if (overflows) {
                    break;
                }
                return value;
            }
        }
        throw corrupt("a varint is larger than 31 bits");
    }

    /** Reads the tagged fields at the end of a flexible structure, skipping the unknown ones. */
    void taggedFields(TaggedField known) {
        int count = unsignedVarint();
        int previousTag = -1;
        for (int i = 0; i < count; i++) {
            int tag = unsignedVarint();
            if (tag <= previousTag) {
                throw corrupt("tag " + tag + " after tag " + previousTag);
            }
            previousTag = tag;
            taggedField(known, tag, unsignedVarint());
        }
    }

    /** The record must end here: what follows was written by somebody who meant another format. */
    void end() {
        if (buffer.hasRemaining()) {
            throw corrupt(buffer.remaining() + " bytes are left over");
        }
    }

    CorruptRecordException corrupt(String why) {
        return new CorruptRecordException(
                "corrupt record: " + what + " at byte " + buffer.position() + " of " + buffer.limit() + ": " + why);
    }

    private void taggedField(TaggedField known, int tag, int length) {
        need(length);
        int limit = buffer.limit();
        int end = buffer.position() + length;
        buffer.limit(end);
        boolean consumed = known.read(tag, this);
        if (consumed) {
            end();
        }
        buffer.limit(limit).position(end);
    }

    private byte[] raw(int length) {
        need(length);
        byte[] value = new byte[length];
        buffer.get(value);
        return value;
    }

    private void need(int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw corrupt("needs " + length + " bytes, " + buffer.remaining() + " are left");
        }
    }

    /** Takes one tagged field; false leaves it to be skipped. */
    interface TaggedField {
        /** Nothing is known. */
        TaggedField SKIP = (tag, reader) -> false;

        boolean read(int tag, FieldReader reader);
    }
}
