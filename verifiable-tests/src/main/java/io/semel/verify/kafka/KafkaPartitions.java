package io.semel.verify.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Topics of one partition on a {@link KafkaBroker}, and our segments in their place. Stateless. */
public final class KafkaPartitions {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private KafkaPartitions() {
    }

    /**
     * Creates topics of one partition; when this returns, their directories are there.
     *
     * @param configs by Kafka's names
     */
    public static void create(String bootstrapServers, List<String> topics, Map<String, String> configs)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(topics.stream().map(topic -> new NewTopic(topic, 1, (short) 1).configs(configs))
                    .toList()).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            // Asks until the leaders answer, and that they do from their logs.
            consumer.endOffsets(topics.stream().map(topic -> new TopicPartition(topic, 0)).toList(), LIMIT);
        }
    }

    /**
     * Puts the segments and indexes of {@code ours} into the place of what the topic's partition holds. The broker is
     * stopped; started again, it trusts nothing but the segments, and checks each batch of them.
     */
    public static void replace(KafkaBroker broker, String topic, Path ours) throws IOException {
        Path partition = broker.partitionDirectory(topic, 0);
        for (Path file : list(partition)) {
            if (!file.endsWith("partition.metadata")) {
                Files.delete(file);
            }
        }
        for (Path file : list(ours)) {
            if (file.toString().matches(".*\\.(log|index|timeindex)")) {
                Files.copy(file, partition.resolve(file.getFileName()));
            }
        }
        // The mark of a clean stop: with it the broker would believe its own checkpoints.
        Files.deleteIfExists(broker.dataDirectory().resolve(".kafka_cleanshutdown"));
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
