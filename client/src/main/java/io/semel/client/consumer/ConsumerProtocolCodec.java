package io.semel.client.consumer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The bytes that members of a group hand each other through the coordinator, Kafka's consumer protocol: any client may
 * be in the same group.
 *
 * <pre>
 * Subscription: version int16, topics [string], userData bytes?, v1+: owned [topic string, partitions [int32]],
 *               v2+: generation int32, v3+: rack string?
 * Assignment:   version int16, assigned [topic string, partitions [int32]], userData bytes?
 * string: int16 length, UTF-8;  bytes, [x]: int32 length or count;  -1 stands for null
 * </pre>
 *
 * <p>Written at version 3; what a newer version appends is left unread.
 */
final class ConsumerProtocolCodec {
    /** Kafka's name for the kind of group whose members speak this. */
    static final String PROTOCOL_TYPE = "consumer";

    private static final short VERSION = 3;
    private static final int NO_GENERATION = -1;
    private static final int NULL_LENGTH = -1;

    private ConsumerProtocolCodec() {
    }

    static byte[] encode(Subscription subscription) {
        Writer out = new Writer();
        out.int16(VERSION);
        List<String> topics = subscription.topics().stream().sorted().toList();
        out.int32(topics.size());
        topics.forEach(out::string);
        out.nullableBytes(subscription.userData());
        out.partitions(subscription.ownedPartitions());
        out.int32(subscription.generationId().orElse(NO_GENERATION));
        if (subscription.rackId().isPresent()) {
            out.string(subscription.rackId().get());
        } else {
            out.int16((short) NULL_LENGTH);
        }
        return out.toBytes();
    }

    static byte[] encode(Assignment assignment) {
        Writer out = new Writer();
        out.int16(VERSION);
        out.partitions(assignment.partitions());
        out.nullableBytes(assignment.userData());
        return out.toBytes();
    }

    static Subscription decodeSubscription(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            short version = version(in);
            int count = count(in);
            List<String> topics = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                topics.add(string(in, in.getShort()));
            }
            ByteBuffer userData = nullableBytes(in);
            List<TopicPartition> owned = version >= 1 ? partitions(in) : List.of();
            int generation = version >= 2 ? in.getInt() : NO_GENERATION;
            return new Subscription(topics, userData, owned, generation, version >= 3 ? rack(in) : Optional.empty());
        } catch (BufferUnderflowException e) {
            throw cutShort("subscription", bytes, e);
        }
    }

    /** No bytes at all stand for no partitions: what the coordinator has for a member whom the leader left out. */
    static Assignment decodeAssignment(byte[] bytes) {
        if (bytes.length == 0) {
            return new Assignment(List.of());
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            version(in);
            List<TopicPartition> partitions = partitions(in);
            return new Assignment(partitions, nullableBytes(in));
        } catch (BufferUnderflowException e) {
            throw cutShort("assignment", bytes, e);
        }
    }

    private static SerializationException cutShort(String what, byte[] bytes, BufferUnderflowException cause) {
        return new SerializationException("consumer protocol: " + what + " ends early: length=" + bytes.length, cause);
    }

    private static short version(ByteBuffer in) {
        short version = in.getShort();
        if (version < 0) {
            throw new SerializationException("consumer protocol: no such version: " + version);
        }
        return version;
    }

    private static int count(ByteBuffer in) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining()) {
            throw new SerializationException("consumer protocol: count=" + count + " but " + in.remaining()
                    + " bytes are left");
        }
        return count;
    }

    private static String string(ByteBuffer in, int length) {
        return new String(bytes(in, length), StandardCharsets.UTF_8);
    }

    private static Optional<String> rack(ByteBuffer in) {
        short length = in.getShort();
        return length == NULL_LENGTH ? Optional.empty() : Optional.of(string(in, length));
    }

    private static ByteBuffer nullableBytes(ByteBuffer in) {
        int length = in.getInt();
        return length == NULL_LENGTH ? null : ByteBuffer.wrap(bytes(in, length));
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new SerializationException("consumer protocol: length=" + length + " but " + in.remaining()
                    + " bytes are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static List<TopicPartition> partitions(ByteBuffer in) {
        int topics = count(in);
        List<TopicPartition> partitions = new ArrayList<>();
        for (int index = 0; index < topics; index++) {
            String topic = string(in, in.getShort());
            int count = count(in);
            for (int each = 0; each < count; each++) {
                partitions.add(new TopicPartition(topic, in.getInt()));
            }
        }
        return partitions;
    }

    /** Big-endian, growing. */
    private static final class Writer {
        private static final int INITIAL_BYTES = 256;

        private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_BYTES);

        private ByteBuffer room(int length) {
            if (buffer.remaining() < length) {
                int doubled = Math.max(2 * buffer.capacity(), buffer.position() + length);
                buffer = ByteBuffer.allocate(doubled).put(buffer.flip());
            }
            return buffer;
        }

        void int16(short value) {
            room(Short.BYTES).putShort(value);
        }

        void int32(int value) {
            room(Integer.BYTES).putInt(value);
        }

        void string(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > Short.MAX_VALUE) {
                throw new SerializationException("consumer protocol: name too long: " + bytes.length + " bytes");
            }
            int16((short) bytes.length);
            room(bytes.length).put(bytes);
        }

        void nullableBytes(ByteBuffer value) {
            if (value == null) {
                int32(NULL_LENGTH);
            } else {
                int32(value.remaining());
                room(value.remaining()).put(value.duplicate());
            }
        }

        void partitions(List<TopicPartition> partitions) {
            Map<String, List<Integer>> byTopic = new TreeMap<>();
            partitions.forEach(each -> byTopic.computeIfAbsent(each.topic(), topic -> new ArrayList<>())
                    .add(each.partition()));
            int32(byTopic.size());
            byTopic.forEach((topic, indices) -> {
                string(topic);
                int32(indices.size());
                indices.forEach(this::int32);
            });
        }

        byte[] toBytes() {
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            return bytes;
        }
    }
}
