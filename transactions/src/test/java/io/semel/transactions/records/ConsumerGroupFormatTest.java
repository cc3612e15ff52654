package io.semel.transactions.records;

import java.nio.ByteBuffer;

import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.junit.jupiter.api.Test;

import static org.apache.kafka.common.protocol.MessageUtil.toCoordinatorTypePrefixedBytes;
import static org.apache.kafka.common.protocol.MessageUtil.toVersionPrefixedBytes;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Kafka's own classes are the judge of the bytes. */
class ConsumerGroupFormatTest {

    @Test
    void keysAreKafkas() {
        ByteBuffer theirs = ByteBuffer.wrap(toCoordinatorTypePrefixedBytes(new ConsumerGroupMetadataKey().setGroupId(
                "g")));
        assertEquals(theirs, new ConsumerGroupKey("g").encode(new FieldWriter()).toBuffer());
        assertEquals(OffsetsRecordType.CONSUMER_GROUP, OffsetsRecordType.of(theirs));
        assertEquals("g", ConsumerGroupKey.decode(theirs).group());
    }

    @Test
    void valuesAreKafkas() {
        ByteBuffer theirs = ByteBuffer.wrap(toVersionPrefixedBytes((short) 0, new ConsumerGroupMetadataValue().setEpoch(
                41)));
        assertEquals(theirs, new ConsumerGroupValue(41).encode(new FieldWriter()).toBuffer());
        assertEquals(41, ConsumerGroupValue.decode(theirs).epoch());
    }
}
