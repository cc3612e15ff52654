package io.semel.server.network.groups;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.semel.client.DeliverySemantics;
import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Consumers of one group, some in process and some behind the port, polled in turn by one thread until what is waited
 * for has come.
 */
final class Company implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    private final OpenServer open;
    private final String groupId;
    private final String topic;
    private final List<Consumer<byte[], byte[]>> members = new ArrayList<>();

    Company(OpenServer open, String groupId, String topic) {
        this.open = open;
        this.groupId = groupId;
        this.topic = topic;
    }

    /** One of kafka-clients. */
    Consumer<byte[], byte[]> remote(Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(open.clientConfigs());
        all.putAll(settings());
        all.putAll(configs);
        return subscribe(new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /** One of kafka-clients that lets the coordinator assign (KIP-848). */
    Consumer<byte[], byte[]> assigned(Map<String, Object> configs) {
        Consumer<byte[], byte[]> consumer = newAssigned(configs);
        consumer.subscribe(Set.of(topic), new FromTheBeginning(consumer));
        return consumer;
    }

    /** The same, subscribed to all topics whose names match. */
    Consumer<byte[], byte[]> assigned(SubscriptionPattern pattern) {
        Consumer<byte[], byte[]> consumer = newAssigned(Map.of());
        consumer.subscribe(pattern, new FromTheBeginning(consumer));
        return consumer;
    }

    private Consumer<byte[], byte[]> newAssigned(Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(open.clientConfigs());
        all.putAll(settings());
        all.remove(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
        all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        all.putAll(configs);
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        members.add(consumer);
        return consumer;
    }

    /** One of the owner's process. */
    Consumer<byte[], byte[]> embedded(Map<String, Object> configs) {
        Map<String, Object> all = settings();
        all.putAll(configs);
        return subscribe(open.semel().consumer(DeliverySemantics.AT_LEAST_ONCE, all, new ByteArrayDeserializer(),
                new ByteArrayDeserializer()));
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 200);
        return settings;
    }

    private Consumer<byte[], byte[]> subscribe(Consumer<byte[], byte[]> consumer) {
        members.add(consumer);
        consumer.subscribe(Set.of(topic), new FromTheBeginning(consumer));
        return consumer;
    }

    /** Where to begin is none of these tests' business. */
    private record FromTheBeginning(Consumer<?, ?> consumer) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> consumer.seek(partition, 0));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // Nothing to hand over.
        }
    }

    List<Consumer<byte[], byte[]>> members() {
        return members;
    }

    /** Polls everybody until each partition has one owner and nobody owns less than its even share, rounded down. */
    void awaitSharing(int partitions) {
        await(() -> isShared(partitions), () -> "shares: " + members.stream().map(Consumer::assignment).toList());
    }

    private boolean isShared(int partitions) {
        Set<Integer> owned = new TreeSet<>();
        int count = 0;
        for (Consumer<?, ?> member : members) {
            Set<TopicPartition> own = member.assignment();
            count += own.size();
            own.forEach(each -> owned.add(each.partition()));
            if (own.size() < partitions / members.size()) {
                return false;
            }
        }
        return count == partitions && owned.size() == partitions;
    }

    void await(BooleanSupplier isThere, Supplier<String> missing) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!isThere.getAsBoolean()) {
            members.forEach(member -> member.poll(POLL));
            assertTrue(System.nanoTime() < deadlineNs, missing);
        }
    }

    void leave(Consumer<byte[], byte[]> member) {
        members.remove(member);
        member.close();
    }

    @Override
    public void close() {
        members.forEach(Consumer::close);
    }
}
