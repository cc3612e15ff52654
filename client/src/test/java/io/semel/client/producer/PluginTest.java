package io.semel.client.producer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.semel.client.producer.ProducerRig.TOPIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Partitioning, interceptors and serializers, as code written for Kafka brings them along. */
@Timeout(60)
class PluginTest {
    private static final int PARTITIONS = 7;

    private ProducerRig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = ProducerRig.open(path, PARTITIONS);
        Recording.CALLS.clear();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aKeyGoesWhereKafkaSendsIt() throws Exception {
        // Published values of Kafka's hash: they pin it beyond the library that computes it.
        assertEquals(-973932308, Utils.murmur2("21".getBytes(StandardCharsets.UTF_8)));
        assertEquals(-790332482, Utils.murmur2("foobar".getBytes(StandardCharsets.UTF_8)));
        try (var producer = rig.producer()) {
            for (int i = 0; i < 500; i++) {
                String key = "key-" + i;
                int expected = BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), PARTITIONS);
                assertEquals(expected, producer.send(new ProducerRecord<>(TOPIC, key, "v")).get().partition());
            }
        }
    }

    @Test
    void recordsWithoutAKeyStickToAPartitionForABatchAndReachAllInTheEnd() throws Exception {
        int changes = 0;
        int records = 2_000;
        boolean[] reached = new boolean[PARTITIONS];
        try (var producer = rig.producer("batch.size", 1_000)) {
            int last = -1;
            for (int i = 0; i < records; i++) {
                int partition = producer.send(new ProducerRecord<>(TOPIC, "0123456789")).get().partition();
                changes += partition == last ? 0 : 1;
                reached[partition] = true;
                last = partition;
            }
        }
        for (boolean each : reached) {
            assertTrue(each);
        }
        assertTrue(changes < records / 5, "changes=" + changes);
    }

    @Test
    void kafkasOwnPartitionersWork() throws Exception {
        try (var producer = rig.producer("partitioner.class", RoundRobinPartitioner.class.getName())) {
            for (int i = 0; i < PARTITIONS * 2; i++) {
                producer.send(new ProducerRecord<>(TOPIC, "same key", "v")).get();
            }
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertEquals(2, rig.written(partition).size());
        }
    }

    /** Sends everything to the partition that the value names. */
    public static final class ByValue implements Partitioner {
        @Override
        public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes,
                Cluster cluster) {
            assertEquals(PARTITIONS, cluster.partitionsForTopic(topic).size());
            return Integer.parseInt((String) value);
        }

        @Override
        public void configure(Map<String, ?> configs) {
            Recording.CALLS.add("partitioner configured " + configs.get("my.setting"));
        }

        @Override
        public void close() {
            Recording.CALLS.add("partitioner closed");
        }
    }

    @Test
    void anOwnPartitionerIsAskedConfiguredAndClosed() throws Exception {
        try (var producer = rig.producer("partitioner.class", ByValue.class, "my.setting", "mine")) {
            assertEquals(5, producer.send(new ProducerRecord<>(TOPIC, "k", "5")).get().partition());
            assertThrows(IllegalArgumentException.class, () -> producer.send(new ProducerRecord<>(TOPIC, "k", "-1")));
            assertThrows(ExecutionException.class, producer.send(new ProducerRecord<>(TOPIC, "k", "7"))::get);
        }
        assertEquals(List.of("partitioner configured mine", "partitioner closed"), Recording.CALLS);
    }

    /** Notes what it hears; marks every value. */
    public static final class Recording implements ProducerInterceptor<String, String> {
        static final List<String> CALLS = new CopyOnWriteArrayList<>();

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            if (record.value().equals("throw")) {
                throw new IllegalStateException("an interceptor's own failure");
            }
            return new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value() + "!");
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
            CALLS.add((exception == null ? "acknowledged " : exception.getClass().getSimpleName() + ' ') + metadata);
        }

        @Override
        public void configure(Map<String, ?> configs) {
            CALLS.add("configured " + configs.get("client.id"));
        }

        @Override
        public void close() {
            CALLS.add("closed");
        }
    }

    @Test
    void interceptorsSeeEveryRecordAndEveryOutcome() throws Exception {
        try (var producer = rig.producer("interceptor.classes", Recording.class.getName(), "client.id", "c")) {
            producer.send(new ProducerRecord<>(TOPIC, 0, null, "a"), (metadata, e) -> Recording.CALLS.add("callback"))
                    .get();
            producer.send(new ProducerRecord<>(TOPIC, 0, null, "throw")).get();
            assertThrows(ExecutionException.class, producer.send(new ProducerRecord<>("nowhere", 1, null, "b"))::get);
        }
        assertEquals(List.of("a!", "throw"), rig.written(0));
        assertEquals(List.of("configured c", "acknowledged orders-0@0", "callback", "acknowledged orders-0@1",
                "UnknownTopicOrPartitionException nowhere-1@-1", "closed"), Recording.CALLS);
    }

    @Test
    void aCallbackThatThrowsHarmsNobody() throws Exception {
        try (var producer = rig.producer()) {
            producer.send(new ProducerRecord<>(TOPIC, 0, null, "a"), (metadata, e) -> {
                throw new IllegalStateException("a callback's own failure");
            });
            assertEquals(1, producer.send(new ProducerRecord<>(TOPIC, 0, null, "b")).get().offset());
        }
    }

    /** Notes how it is treated. */
    public static final class Noting extends StringSerializer {
        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            Recording.CALLS.add("serializer configured " + isKey);
        }

        @Override
        public void close() {
            Recording.CALLS.add("serializer closed");
        }
    }

    @Test
    void onlySerializersFromTheConfigurationAreConfiguredAndAllAreClosed() {
        EmbeddedProducer.open(rig.runtime(), ProducerRig.configs("key.serializer", Noting.class), null, new Noting())
                .close();
        assertEquals(List.of("serializer configured true", "serializer closed", "serializer closed"),
                Recording.CALLS);
    }

    @Test
    void aProducerThatCannotOpenClosesItsSerializers() {
        assertThrows(KafkaException.class, () -> EmbeddedProducer.open(rig.runtime(),
                ProducerRig.configs("partitioner.class", "no.such.Partitioner"), new Noting(), new Noting()));
        assertThrows(KafkaException.class, () -> EmbeddedProducer.open(rig.runtime(),
                ProducerRig.configs("interceptor.classes", "no.such.Interceptor"), new Noting(), new Noting()));
        assertEquals(List.of("serializer closed", "serializer closed"), Recording.CALLS);
    }

    /** Can't be configured. */
    public static final class Unconfigurable extends StringSerializer implements Partitioner {
        @Override
        public void configure(Map<String, ?> configs) {
            throw new ConfigException("a partitioner's own failure");
        }

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            throw new ConfigException("a serializer's own failure");
        }

        @Override
        public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes,
                Cluster cluster) {
            return 0;
        }

        @Override
        public void close() {
            Recording.CALLS.add("never configured, closed");
        }
    }

    @Test
    void whatWasOpenedBeforeAPluginFailedIsClosedInReverse() {
        assertThrows(ConfigException.class, () -> EmbeddedProducer.open(rig.runtime(), ProducerRig.configs(
                "interceptor.classes", Recording.class.getName(), "client.id", "c", "partitioner.class",
                Unconfigurable.class), new Noting(), new Noting()));
        assertEquals(List.of("configured c", "never configured, closed", "closed", "serializer closed",
                "serializer closed"), Recording.CALLS);
    }

    @Test
    void serializerThatCantBeConfiguredLeavesNoneOpen() {
        assertThrows(ConfigException.class, () -> EmbeddedProducer.open(rig.runtime(), ProducerRig.configs(
                "key.serializer", Noting.class, "value.serializer", Unconfigurable.class), null, null));
        assertEquals(List.of("serializer configured true", "never configured, closed", "serializer closed"),
                Recording.CALLS);
    }

    @Test
    void metricsCountWhatWasSent() throws Exception {
        try (var producer = rig.producer()) {
            producer.send(new ProducerRecord<>(TOPIC, "a")).get();
            assertThrows(ExecutionException.class, producer.send(new ProducerRecord<>("nowhere", "b"))::get);
            assertEquals(1.0, producer.metrics().entrySet().stream()
                    .filter(each -> each.getKey().name().equals("record-send-total")).findFirst().orElseThrow()
                    .getValue().metricValue());
            assertThrows(IllegalStateException.class, () -> producer.clientInstanceId(null));
        }
    }
}
