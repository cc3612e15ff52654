package io.semel.transactions.records;

import java.nio.ByteBuffer;

/**
 * Key of the record of a group of the consumer protocol in {@code __consumer_offsets} (Kafka:
 * {@code ConsumerGroupMetadataKey}); a record with this key and no value deletes the group.
 *
 * <pre>
 *   type:int16 = 3   group:string
 * </pre>
 */
public record ConsumerGroupKey(String group) {

    static final short TYPE = 3;

    public FieldWriter encode(FieldWriter writer) {
        return writer.int16(TYPE).string(group);
    }

    public static ConsumerGroupKey decode(ByteBuffer key) {
        FieldReader reader = new FieldReader("consumer group key", key);
        reader.int16Within("type", TYPE, TYPE);
        ConsumerGroupKey decoded = new ConsumerGroupKey(reader.string());
        reader.end();
        return decoded;
    }
}
