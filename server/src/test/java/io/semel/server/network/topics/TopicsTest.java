package io.semel.server.network.topics;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.DeliverySemantics;
import io.semel.client.SemelAdmin;
import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Topics come, grow and go by Kafka's own admin client, and the owner of the directory sees the same. */
class TopicsTest {
    private static final short ONE = 1;

    @TempDir
    Path directory;
    private OpenServer open;
    private Admin admin;
    private SemelAdmin owner;

    @BeforeEach
    void open() throws IOException {
        open = OpenServer.in(directory);
        admin = open.admin();
        owner = open.semel().admin();
    }

    @AfterEach
    void close() throws IOException {
        admin.close();
        open.close();
    }

    private KafkaFuture<Void> create(NewTopic topic) {
        return admin.createTopics(List.of(topic)).all();
    }

    @Test
    void aTopicThatIsCreatedIsTheOwnersToo() throws Exception {
        CreateTopicsResult created = admin.createTopics(List.of(new NewTopic("orders", 3, ONE).configs(Map.of(
                "retention.ms", "1000", "min.insync.replicas", "1"))));
        created.all().get();
        assertEquals(3, created.numPartitions("orders").get());
        assertEquals(1, created.replicationFactor("orders").get());
        assertEquals("1000", created.config("orders").get().get("retention.ms").value());
        SemelAdmin.TopicDescription seen = owner.describeTopic("orders");
        assertEquals(3, seen.partitions().size());
        assertEquals(Map.of("retention.ms", "1000", "min.insync.replicas", "1"), seen.configs());
        Uuid id = created.topicId("orders").get();
        assertNotEquals(Uuid.ZERO_UUID, id);
        assertEquals("orders", admin.describeTopics(TopicCollection.ofTopicIds(List.of(id))).allTopicIds().get().get(id)
                .name());
        Failed.with(TopicExistsException.class, "orders", create(new NewTopic("orders", 1, ONE)));
    }

    @Test
    void whatNobodySaysHasItsDefault() throws Exception {
        create(new NewTopic("orders", Optional.empty(), Optional.empty())).get();
        assertEquals(1, owner.describeTopic("orders").partitions().size());
    }

    @Test
    void whatIsOnlyLookedAtIsNotCreated() throws Exception {
        CreateTopicsOptions look = new CreateTopicsOptions().validateOnly(true);
        CreateTopicsResult looked = admin.createTopics(List.of(new NewTopic("orders", 2, ONE)), look);
        assertEquals(2, looked.numPartitions("orders").get());
        assertTrue(looked.config("orders").get().entries().size() > 10);
        assertFalse(owner.hasTopic("orders"));
        Failed.with(InvalidTopicException.class, "topic name not allowed", admin.createTopics(List.of(new NewTopic(
                "a/b",
                1, ONE)), look).all());
    }

    @Test
    void eachRefusalHasKafkasCodeAndOurReason() {
        Failed.with(InvalidTopicException.class, "topic name not allowed", create(new NewTopic("a b", 1, ONE)));
        Failed.with(InvalidPartitionsException.class, "given=0", create(new NewTopic("a", 0, ONE)));
        Failed.with(InvalidReplicationFactorException.class, "given=2", create(new NewTopic("a", 1, (short) 2)));
        Failed.with(InvalidReplicationFactorException.class, "given=0", create(new NewTopic("a", 1, (short) 0)));
        Failed.with(InvalidConfigurationException.class, "name=no.such.name", create(new NewTopic("a", 1, ONE).configs(
                Map.of("no.such.name", "1"))));
        Failed.with(InvalidConfigurationException.class, "allowed=CreateTime", create(new NewTopic("a", 1, ONE).configs(
                Map.of("message.timestamp.type", "LogAppendTime"))));
        assertFalse(owner.hasTopic("a"));
    }

    @Test
    void replicasMayBeAssignedWhereNodesAre() throws Exception {
        create(new NewTopic("orders", Map.of(0, List.of(1), 1, List.of(1)))).get();
        assertEquals(2, owner.describeTopic("orders").partitions().size());
        Failed.with(InvalidReplicaAssignmentException.class, "nodes=[1]", create(new NewTopic("a", Map.of(0, List.of(
                7)))));
        Failed.with(InvalidReplicaAssignmentException.class, "1 is missing", create(new NewTopic("a", Map.of(0, List.of(
                1), 2, List.of(1)))));
    }

    @Test
    void topicsGoByNameAndById() throws Exception {
        owner.createTopic("a", 1);
        owner.createTopic("b", 1);
        admin.deleteTopics(List.of("a")).all().get();
        assertEquals(List.of("b"), owner.listTopics());
        Uuid id = admin.describeTopics(List.of("b")).allTopicNames().get().get("b").topicId();
        admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get();
        assertEquals(List.of(), owner.listTopics());
        Failed.with(UnknownTopicIdException.class, "", admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id)))
                .all());
        Failed.with(UnknownTopicOrPartitionException.class, "a", admin.deleteTopics(List.of("a")).all());
        Failed.with(InvalidTopicException.class, "internal topic", admin.deleteTopics(List.of("__consumer_offsets"))
                .all());
    }

    @Test
    void topicsGrow() throws Exception {
        owner.createTopic("orders", 1);
        admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3)), new CreatePartitionsOptions()
                .validateOnly(
                        true)).all().get();
        assertEquals(1, owner.describeTopic("orders").partitions().size());
        admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3))).all().get();
        assertEquals(3, owner.describeTopic("orders").partitions().size());
        owner.createPartitions("orders", 4);
        assertEquals(4, admin.describeTopics(Set.of("orders")).allTopicNames().get().get("orders").partitions().size());
        Failed.with(InvalidPartitionsException.class, "allowed=5..", admin.createPartitions(Map.of("orders",
                NewPartitions.increaseTo(4))).all());
        Failed.with(UnknownTopicOrPartitionException.class, "nothing", admin.createPartitions(Map.of("nothing",
                NewPartitions.increaseTo(4))).all());
        Failed.with(InvalidReplicaAssignmentException.class, "nodes=[1]", admin.createPartitions(Map.of("orders",
                NewPartitions.increaseTo(5, List.of(List.of(3))))).all());
        admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(5, List.of(List.of(1))))).all().get();
    }

    @Test
    void whoeverReadsAGrownTopicReadsAllOfIt() throws Exception {
        owner.createTopic("orders", 1);
        Map<String, Object> configs = Map.of("group.id", "g", "auto.offset.reset", "earliest");
        try (Consumer<byte[], byte[]> consumer = open.semel().consumer(DeliverySemantics.AT_LEAST_ONCE, configs,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
                Producer<byte[], byte[]> producer = open.semel().producer(DeliverySemantics.AT_LEAST_ONCE, Map.of(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("orders", 0, new byte[1], new byte[1])).get();
            consumer.subscribe(List.of("orders"));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(10));
            }
            admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(2))).all().get();
            producer.send(new ProducerRecord<>("orders", 1, new byte[1], new byte[1])).get();
            assertEquals(2, producer.partitionsFor("orders").size());
            boolean isSeen = false;
            while (!isSeen) {
                isSeen = !consumer.poll(Duration.ofMillis(10)).records(new TopicPartition("orders", 1)).isEmpty();
            }
            assertEquals(2, consumer.assignment().size());
        }
    }

    @Test
    void pagesHoldEveryPartitionOnce() throws Exception {
        owner.createTopic("a", 3);
        owner.createTopic("b", 2);
        owner.createTopic("c", 1);
        for (int limit = 1; limit <= 7; limit++) {
            Map<String, TopicDescription> all = admin.describeTopics(Set.of("a", "b", "c"), new DescribeTopicsOptions()
                    .partitionSizeLimitPerResponse(limit)).allTopicNames().get();
            List<String> seen = new ArrayList<>();
            new TreeSet<>(all.keySet()).forEach(name -> all.get(name).partitions().forEach(partition -> seen.add(name
                    + partition.partition())));
            assertEquals(List.of("a0", "a1", "a2", "b0", "b1", "c0"), seen, "limit " + limit);
        }
    }
}
