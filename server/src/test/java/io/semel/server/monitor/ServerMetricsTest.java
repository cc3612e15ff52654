package io.semel.server.monitor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The same numbers by both ways, under Kafka's names. */
class ServerMetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("([a-z_][a-z0-9_]*)(\\{[^}]*\\})? (-?[0-9.]+|\\+Inf)");
    private static final Pattern HEAD = Pattern.compile("# (HELP|TYPE) ([a-z0-9_]+) .+");

    @TempDir
    private Path directory;

    @Test
    void healthIsToldFromTheBeginningAndMetricsOnceThereAreAny() throws Exception {
        try (AdminPort port = AdminPort.open(new InetSocketAddress("127.0.0.1", 0))) {
            assertEquals(200, status(port, "/health/live", "GET"));
            assertEquals(503, status(port, "/health/ready", "GET"));
            assertEquals(503, status(port, "/metrics", "GET"));
            try (OpenServer open = OpenServer.in(directory)) {
                port.serves(metrics(open));
                assertEquals(200, status(port, "/health/ready", "GET"));
                assertEquals(200, status(port, "/health/ready", "HEAD"));
                assertEquals(200, status(port, "/metrics", "GET"));
                assertEquals(405, status(port, "/metrics", "POST"));
                assertEquals(404, status(port, "/metrics/more", "GET"));
                assertEquals(404, status(port, "/", "GET"));
                port.stops();
                assertEquals(503, status(port, "/health/ready", "GET"));
                assertEquals(200, status(port, "/health/live", "GET"));
            }
        }
    }

    @Test
    void everyLineIsOneThatPrometheusReadsAndFamiliesAreInOnePiece() throws Exception {
        try (OpenServer open = OpenServer.in(directory); Admin admin = open.admin()) {
            admin.listTopics().names().get();
            Set<String> families = new HashSet<>();
            String family = "";
            for (String line : metrics(open).prometheus().lines().toList()) {
                Matcher head = HEAD.matcher(line);
                if (head.matches()) {
                    if (!head.group(2).equals(family)) {
                        family = head.group(2);
                        assertTrue(families.add(family), "in two pieces: " + family);
                    }
                } else {
                    Matcher sample = SAMPLE.matcher(line);
                    assertTrue(sample.matches() && sample.group(1).startsWith(family), line);
                }
            }
            assertTrue(families.size() > 30, families::toString);
        }
    }

    @Test
    void whatClientsDoIsCounted() throws Exception {
        try (OpenServer open = OpenServer.in(directory); Admin admin = open.admin()) {
            admin.listTopics().names().get();
            Map<String, Double> values = values(metrics(open).prometheus());
            assertTrue(values.get("kafka_network_requestmetrics_requests_total{request=\"Metadata\"}") >= 1);
            assertEquals(values.get("kafka_network_requestmetrics_totaltime_seconds_count{request=\"Metadata\"}"),
                    values.get(
                            "kafka_network_requestmetrics_totaltime_seconds_bucket{le=\"+Inf\",request=\"Metadata\"}"));
            assertTrue(values.get("kafka_server_socket_server_metrics_connection_count") >= 1);
            assertEquals(1, values.get("kafka_controller_kafkacontroller_activecontrollercount"));
        }
    }

    @Test
    void whatIsOpenAndHowFarBehindAGroupIsCanBeRead() throws Exception {
        try (OpenServer open = OpenServer.in(directory)) {
            Semel semel = open.semel();
            semel.admin().createTopic("orders", 2, Map.of());
            write(semel, 5);
            commit(semel, 2);
            Producer<String, String> undecided = begin(semel, 3);
            try (undecided) {
                Map<String, Double> values = values(metrics(open).prometheus());
                assertEquals(2, values.get("kafka_server_replicamanager_partitioncount"));
                assertEquals(0, values.get("kafka_server_replicamanager_offlinereplicacount"));
                assertEquals(1, values.get("io_semel_transactions_open"));
                assertEquals(3, values.get("io_semel_partition_stable_lag{partition=\"0\",topic=\"orders\"}"));
                assertEquals(0, values.get("io_semel_partition_stable_lag{partition=\"1\",topic=\"orders\"}"));
                assertEquals(3, values.get("io_semel_partitions_stablelag"));
                assertEquals(3, values.get("io_semel_group_lag{group=\"readers\",partition=\"0\",topic=\"orders\"}"));
                assertEquals(1, values.get("kafka_coordinator_group_groupmetadatamanager_numgroups"));
                assertTrue(values.get("io_semel_budget_openfiles") > 0);
                undecided.abortTransaction();
            }
        }
    }

    @Test
    void consolesFindKafkasNamesAndTheSameNumbers() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName partitions = new ObjectName("kafka.server:type=ReplicaManager,name=PartitionCount");
        try (OpenServer open = OpenServer.in(directory); Admin admin = open.admin()) {
            open.semel().admin().createTopic("orders", 2, Map.of());
            try (JmxBeans registered = JmxBeans.register(metrics(open))) {
                // A second one goes without, and takes nothing with it.
                JmxBeans.register(metrics(open)).close();
                admin.listTopics().names().get();
                assertEquals(2L, beans.getAttribute(partitions, "Value"));
                ObjectName requests = new ObjectName("kafka.network:type=RequestMetrics,name=RequestsPerSec,"
                        + "request=Metadata");
                assertTrue((Long) beans.getAttribute(requests, "Count") >= 1);
                assertTrue((Double) beans.getAttribute(requests, "OneMinuteRate") > 0);
                ObjectName times = new ObjectName("kafka.network:type=RequestMetrics,name=TotalTimeMs,"
                        + "request=Metadata");
                assertTrue((Double) beans.getAttribute(times, "99thPercentile") > 0);
                assertEquals(8, beans.getMBeanInfo(times).getAttributes().length);
                for (String name : List.of("kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec",
                        "kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec",
                        "kafka.server:type=ReplicaManager,name=LeaderCount",
                        "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions",
                        "kafka.controller:type=KafkaController,name=ActiveControllerCount",
                        "kafka.controller:type=KafkaController,name=OfflinePartitionsCount",
                        "kafka.coordinator.group:type=GroupMetadataManager,name=NumGroups")) {
                    assertTrue(beans.isRegistered(new ObjectName(name)), name);
                }
                assertNotNull(registered);
            }
        }
        assertFalse(beans.isRegistered(partitions));
    }

    private static ServerMetrics metrics(OpenServer open) {
        return new ServerMetrics(open.semel().runtime().broker(), open.server().door());
    }

    private static void write(Semel semel, int records) throws Exception {
        try (Producer<String, String> producer = semel.producer(DeliverySemantics.AT_LEAST_ONCE, Map.of(),
                new StringSerializer(), new StringSerializer())) {
            for (int index = 0; index < records; index++) {
                producer.send(new ProducerRecord<>("orders", 0, "k", "v")).get();
            }
        }
    }

    private static void commit(Semel semel, long offset) {
        TopicPartition partition = new TopicPartition("orders", 0);
        try (Consumer<String, String> consumer = semel.consumer(DeliverySemantics.AT_LEAST_ONCE, Map.of("group.id",
                "readers"), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
        }
    }

    private static Producer<String, String> begin(Semel semel, int records) throws Exception {
        Producer<String, String> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE, Map.of("transactional.id",
                "writer"), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        for (int index = 0; index < records; index++) {
            producer.send(new ProducerRecord<>("orders", 0, "k", "v")).get();
        }
        return producer;
    }

    private static Map<String, Double> values(String text) {
        Map<String, Double> values = new HashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        });
        return values;
    }

    private static int status(AdminPort port, String path, String method) throws IOException {
        URL url = URI.create("http://127.0.0.1:" + port.address().getPort() + path).toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod(method);
        int status = connection.getResponseCode();
        if (status == 200) {
            assertNotNull(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        return status;
    }
}
