package io.semel.transactions.records;

import java.nio.ByteBuffer;

/**
 * Key of a group's record in {@code __consumer_offsets}; a record with this key and no value deletes the group.
 *
 * <pre>
 *   type:int16 = 2   group:string
 * </pre>
 */
public record GroupMetadataKey(String group) {

    static final short TYPE = 2;

    public ByteBuffer encode() {
        return encode(new FieldWriter()).toBuffer();
    }

    public FieldWriter encode(FieldWriter writer) {
        return writer.int16(TYPE).string(group);
    }

    public static GroupMetadataKey decode(ByteBuffer key) {
        FieldReader reader = new FieldReader("group key", key);
        reader.int16Within("type", TYPE, TYPE);
        GroupMetadataKey decoded = new GroupMetadataKey(reader.string());
        reader.end();
        return decoded;
    }
}
