package io.semel.transactions.records;

import java.nio.ByteBuffer;

/**
 * Key of an offset commit in {@code __consumer_offsets}; a record with this key and no value deletes the offset.
 *
 * <pre>
 *   type:int16 = 1 (0 is read too)   group:string   topic:string   partition:int32
 * </pre>
 */
public record OffsetCommitKey(String group, String topic, int partition) {

    /** The oldest kind had the same key and a value without its own expiry; Kafka reads both alike, and so do we. */
    static final short LEGACY_TYPE = 0;
    static final short TYPE = 1;

    public ByteBuffer encode() {
        return encode(new FieldWriter()).toBuffer();
    }

    public FieldWriter encode(FieldWriter writer) {
        return writer.int16(TYPE).string(group).string(topic).int32(partition);
    }

    public static OffsetCommitKey decode(ByteBuffer key) {
        FieldReader reader = new FieldReader("offset commit key", key);
        reader.int16Within("type", LEGACY_TYPE, TYPE);
        OffsetCommitKey decoded = new OffsetCommitKey(reader.string(), reader.string(), reader.int32());
        reader.end();
        return decoded;
    }
}
