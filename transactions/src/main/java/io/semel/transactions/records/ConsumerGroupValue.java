package io.semel.transactions.records;

import java.nio.ByteBuffer;

/**
 * Value of the record of a group of the consumer protocol in {@code __consumer_offsets} (Kafka:
 * {@code ConsumerGroupMetadataValue}).
 *
 * <pre>
 *   version:int16 = 0   epoch:int32   tagged
 * </pre>
 */
public record ConsumerGroupValue(int epoch) {

    private static final short VERSION = 0;

    public FieldWriter encode(FieldWriter writer) {
        return writer.int16(VERSION).int32(epoch).unsignedVarint(0);
    }

    public static ConsumerGroupValue decode(ByteBuffer value) {
        FieldReader reader = new FieldReader("consumer group value", value);
        reader.int16Within("version", VERSION, VERSION);
        ConsumerGroupValue decoded = new ConsumerGroupValue(reader.int32());
        reader.taggedFields(FieldReader.TaggedField.SKIP);
        reader.end();
        return decoded;
    }
}
