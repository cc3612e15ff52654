package io.semel.client.consumer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Against kafka-clients' own codec. */
class ConsumerProtocolCodecTest {
    private static final List<TopicPartition> PARTITIONS = List.of(new TopicPartition("a", 0),
            new TopicPartition("a", 2), new TopicPartition("größe", 1));

    private static Subscription full() {
        return new Subscription(List.of("a", "größe"), ByteBuffer.wrap(new byte[] {1, 2}), PARTITIONS, 7,
                Optional.of("rack"));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void assertSame(Subscription expected, Subscription actual) {
        assertEquals(expected.topics(), actual.topics());
        assertEquals(expected.userData(), actual.userData());
        assertEquals(expected.ownedPartitions(), actual.ownedPartitions());
        assertEquals(expected.generationId(), actual.generationId());
        assertEquals(expected.rackId(), actual.rackId());
    }

    @Test
    void kafkaReadsASubscriptionOfOurs() {
        assertArrayEquals(bytes(ConsumerProtocol.serializeSubscription(full())), ConsumerProtocolCodec.encode(full()));
        Subscription bare = new Subscription(List.of("a"));
        assertArrayEquals(bytes(ConsumerProtocol.serializeSubscription(bare)), ConsumerProtocolCodec.encode(bare));
    }

    @Test
    void weReadASubscriptionOfKafkaInEveryVersion() {
        for (short version = 0; version <= 3; version++) {
            ByteBuffer encoded = ConsumerProtocol.serializeSubscription(full(), version);
            assertSame(ConsumerProtocol.deserializeSubscription(encoded.duplicate()),
                    ConsumerProtocolCodec.decodeSubscription(bytes(encoded)));
        }
    }

    @Test
    void anAssignmentIsTheSameInBothHands() {
        Assignment assignment = new Assignment(PARTITIONS, ByteBuffer.wrap(new byte[] {9}));
        byte[] ours = ConsumerProtocolCodec.encode(assignment);
        assertArrayEquals(bytes(ConsumerProtocol.serializeAssignment(assignment)), ours);
        assertEquals(PARTITIONS, ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(ours)).partitions());
        Assignment back = ConsumerProtocolCodec.decodeAssignment(ours);
        assertEquals(PARTITIONS, back.partitions());
        assertEquals(assignment.userData(), back.userData());
        assertNull(ConsumerProtocolCodec.decodeAssignment(ConsumerProtocolCodec.encode(new Assignment(PARTITIONS)))
                .userData());
        assertEquals(List.of(), ConsumerProtocolCodec.decodeAssignment(new byte[0]).partitions());
    }

    @Test
    void bytesThatEndEarlyAreRefusedWhereverTheyEnd() {
        byte[] subscription = ConsumerProtocolCodec.encode(full());
        for (int length = 0; length < subscription.length; length++) {
            byte[] cut = Arrays.copyOf(subscription, length);
            assertThrows(SerializationException.class, () -> ConsumerProtocolCodec.decodeSubscription(cut));
        }
        byte[] assignment = ConsumerProtocolCodec.encode(new Assignment(PARTITIONS));
        for (int length = 1; length < assignment.length; length++) {
            byte[] cut = Arrays.copyOf(assignment, length);
            assertThrows(SerializationException.class, () -> ConsumerProtocolCodec.decodeAssignment(cut));
        }
    }

    @Test
    void anySingleFlippedByteIsReadOrRefusedButNeverBreaksTheReader() {
        byte[] subscription = ConsumerProtocolCodec.encode(full());
        for (int index = 0; index < subscription.length; index++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] flipped = subscription.clone();
                flipped[index] ^= (byte) (1 << bit);
                try {
                    ConsumerProtocolCodec.decodeSubscription(flipped);
                } catch (SerializationException e) {
                    continue;
                }
            }
        }
    }
}
