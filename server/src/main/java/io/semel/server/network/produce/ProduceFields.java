package io.semel.server.network.produce;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Reads the fields of a Produce request in place, in the plain or the flexible encoding, without trusting them: a
 * length is compared with what is left before anything is made of it.
 *
 * <p>Thread rule: one thread. Moves the buffer's position.
 */
final class ProduceFields {
    private static final int VARINT_BITS = 7;
    private static final int VARINT_PAYLOAD = 0x7f;
    private static final int NULL_LENGTH = -1;

    private final ByteBuffer body;
    private final boolean isFlexible;

    ProduceFields(ByteBuffer body, short version) {
        this.body = body;
        this.isFlexible = version >= ProduceVersions.FLEXIBLE;
    }

    short int16() {
        need(Short.BYTES);
        return body.getShort();
    }

    int int32() {
        need(Integer.BYTES);
        return body.getInt();
    }

    UUID uuid() {
        need(2 * Long.BYTES);
        return new UUID(body.getLong(), body.getLong());
    }

    String string() {
        int length = stringLength();
        if (length < 0) {
            throw new IllegalArgumentException("null where a string must be, at byte " + body.position());
        }
        return string(length);
    }

    /** Null reads as an empty string. */
    String nullableString() {
        return string(Math.max(stringLength(), 0));
    }

    private int stringLength() {
        return isFlexible ? unsignedVarint() - 1 : int16();
    }

    private String string(int length) {
        need(length);
        if (length == 0) {
            return "";
        }
        byte[] bytes = new byte[length];
        body.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** @param elementLength what the shortest element takes */
    int arrayCount(int elementLength) {
        int count = isFlexible ? unsignedVarint() - 1 : int32();
        if (count < 0 || (long) count * elementLength > body.remaining()) {
            throw new IllegalArgumentException("an array of " + count + " elements in a request that has " + body
                    .remaining() + " bytes left");
        }
        return count;
    }

    /** Passes over records, and returns how many bytes they are; null reads as none. */
    int skipRecords() {
        int length = isFlexible ? unsignedVarint() - 1 : int32();
        if (length == NULL_LENGTH) {
            return 0;
        }
        need(length);
        body.position(body.position() + length);
        return length;
    }

    int position() {
        return body.position();
    }

    /** None are known. */
    void skipTags() {
        if (!isFlexible) {
            return;
        }
        for (int left = unsignedVarint(); left > 0; left--) {
            unsignedVarint();
            int length = unsignedVarint();
            need(length);
            body.position(body.position() + length);
        }
    }

    void end() {
        if (body.hasRemaining()) {
            throw new IllegalArgumentException(body.remaining() + " bytes are left behind a Produce request");
        }
    }

    private int unsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += VARINT_BITS) {
            need(1);
            byte next = body.get();
            value |= (next & VARINT_PAYLOAD) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a varint of 32 bits, before byte " + body.position());
    }

    private void need(int length) {
        if (length < 0 || length > body.remaining()) {
            throw new IllegalArgumentException("a field of " + length + " bytes in a request that has " + body
                    .remaining() + " left");
        }
    }
}
