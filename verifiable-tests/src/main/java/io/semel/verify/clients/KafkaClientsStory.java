package io.semel.verify.clients;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The story as kafka-clients tells it: a program that runs with the release on its class path, so it calls only what
 * the 3.x line has too.
 *
 * <p>Thread rule: the main thread.
 */
final class KafkaClientsStory {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final int LARGE = 2_000_000;
    private static final int MANY = 20;

    private final String bootstrapServers;
    private final String name;
    private final String topic;
    private final String group;
    private final Steps steps;

    private KafkaClientsStory(String bootstrapServers, String name) {
        this.bootstrapServers = bootstrapServers;
        this.name = name;
        this.topic = name + "-topic";
        this.group = name + "-group";
        this.steps = new Steps(name);
    }

    /** Servers, name of the story, act. */
    public static void main(String[] arguments) {
        KafkaClientsStory story = new KafkaClientsStory(arguments[0], arguments[1]);
        if (arguments[2].equals(Act.VERSION.title())) {
            System.out.println("version: kafka-clients " + KafkaVersion.read());
        } else if (arguments[2].equals(Act.FIRST.title())) {
            story.tellFirst();
        } else {
            story.tellSecond();
        }
        // Threads of a client that a failed step left open must not keep this process.
        System.exit(0);
    }

    private void tellFirst() {
        try (AdminSteps admin = new AdminSteps(bootstrapServers, name, steps)) {
            admin.tellTopics();
            for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                steps.step("produce " + codec, () -> produce(codec));
            }
            steps.step("produce idempotently", () -> send(at(0), Map.of("enable.idempotence", true), "a", "b", "c"));
            steps.step("acks 0", () -> send(at(3), Map.of("acks", "0"), "sent"));
            steps.step("too large", () -> send(at(0), Map.of("max.request.size", 2 * LARGE), "x".repeat(LARGE)));
            steps.step("consume", () -> shown(read(at(0), "read_committed")));
            steps.step("keys and headers", this::keysAndHeaders);
            steps.step("offsets by time", this::byTime);
            steps.step("first and last offset", this::firstAndLast);
            steps.step("group of two", () -> groupOfTwo("classic"));
            steps.step("group of two (KIP-848)", () -> groupOfTwo("consumer"));
            steps.step("commit offsets", this::commit);
            steps.step("transactions", this::transactions);
            steps.step("many transactions", this::manyTransactions);
            steps.step("offsets in transactions", this::offsetsInTransactions);
            steps.step("fencing", this::fence);
            admin.tellTheRest(topic, group);
        }
        steps.step("create automatically", () -> send(new TopicPartition(name + "-automatic", 0), Map.of(), "first"));
    }

    private void tellSecond() {
        steps.step("read after a restart", () -> List.of(read(at(0), "read_committed").size(), read(at(1),
                "read_committed").size(), read(at(2), "read_committed").size()));
        steps.step("committed after a restart", this::committed);
        steps.step("resume after a restart", this::resume);
        steps.step("transaction after a restart", this::oneMoreTransaction);
    }

    private TopicPartition at(int partition) {
        return new TopicPartition(topic, partition);
    }

    private Producer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> configs = new HashMap<>(Map.of("bootstrap.servers", bootstrapServers));
        configs.putAll(settings);
        return new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer());
    }

    private Consumer<String, String> consumer(Map<String, Object> settings) {
        Map<String, Object> configs = new HashMap<>(Map.of("bootstrap.servers", bootstrapServers,
                "auto.offset.reset", "earliest", "enable.auto.commit", false));
        configs.putAll(settings);
        return new KafkaConsumer<>(configs, new StringDeserializer(), new StringDeserializer());
    }

    private String send(TopicPartition where, Map<String, Object> settings, String... values) throws Exception {
        try (Producer<String, String> producer = producer(settings)) {
            return send(producer, where, values);
        }
    }

    private static String send(Producer<String, String> producer, TopicPartition where, String... values)
            throws Exception {
        List<Long> offsets = new ArrayList<>();
        for (String value : values) {
            offsets.add(producer.send(new ProducerRecord<>(where.topic(), where.partition(), null, value)).get()
                    .offset());
        }
        return "offsets " + offsets;
    }

    private String produce(String codec) throws Exception {
        try (Producer<String, String> producer = producer(Map.of("compression.type", codec, "linger.ms", 50))) {
            for (int number = 0; number < 4; number++) {
                ProducerRecord<String, String> record = new ProducerRecord<>(topic, 0, "key-" + codec, codec + '-'
                        + number);
                record.headers().add("codec", codec.getBytes(StandardCharsets.UTF_8)).add("empty", null);
                producer.send(record);
            }
        }
        return "to " + read(at(0), "read_committed").size();
    }

    private List<ConsumerRecord<String, String>> read(TopicPartition where, String isolation) {
        try (Consumer<String, String> consumer = consumer(Map.of("isolation.level", isolation))) {
            consumer.assign(List.of(where));
            long end = consumer.endOffsets(List.of(where)).get(where);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            consumer.seekToBeginning(List.of(where));
            Steps.until("the end of " + where, () -> {
                consumer.poll(SHORT).forEach(records::add);
                return consumer.position(where) >= end;
            });
            return records;
        }
    }

    private static String shown(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).collect(Collectors.joining(","));
    }

    private String keysAndHeaders() {
        ConsumerRecord<String, String> first = read(at(0), "read_committed").get(0);
        return first.key() + ' ' + first.headers() + ' ' + first.timestampType() + ' ' + first.leaderEpoch()
                .isPresent();
    }

    private String byTime() {
        List<ConsumerRecord<String, String>> records = read(at(0), "read_committed");
        try (Consumer<String, String> consumer = consumer(Map.of())) {
            long offset = consumer.offsetsForTimes(Map.of(at(0), records.get(4).timestamp())).get(at(0)).offset();
            long later = records.get(records.size() - 1).timestamp() + 60_000;
            return (offset > 0 && offset <= 4) + ", behind the last " + consumer.offsetsForTimes(Map.of(at(0), later))
                    .get(at(0));
        }
    }

    private String firstAndLast() {
        try (Consumer<String, String> consumer = consumer(Map.of())) {
            return consumer.beginningOffsets(List.of(at(0))) + " to " + consumer.endOffsets(List.of(at(0)));
        }
    }

    /** Two members share the partitions; when one leaves, the other has them all. */
    private String groupOfTwo(String protocol) {
        Map<String, Object> settings = Map.of("group.id", protocol.equals("classic") ? group : group + '-' + protocol,
                "group.protocol", protocol);
        try (Consumer<String, String> other = consumer(settings)) {
            try (Consumer<String, String> one = consumer(settings)) {
                one.subscribe(List.of(topic));
                other.subscribe(List.of(topic));
                Steps.until("two partitions each", () -> {
                    one.poll(SHORT);
                    other.poll(SHORT);
                    return one.assignment().size() == 2 && other.assignment().size() == 2;
                });
            }
            Steps.until("four for who stays", () -> {
                other.poll(SHORT);
                return other.assignment().size() == 4;
            });
            return "2 and 2, then 4";
        }
    }

    private Map<String, Object> member() {
        return Map.of("group.id", group);
    }

    private String commit() {
        try (Consumer<String, String> member = consumer(member())) {
            member.assign(List.of(at(0), at(1)));
            member.commitSync(Map.of(at(0), new OffsetAndMetadata(7, "a note"), at(1), new OffsetAndMetadata(0)));
        }
        return committed();
    }

    private String committed() {
        try (Consumer<String, String> member = consumer(member())) {
            Map<TopicPartition, OffsetAndMetadata> found = member.committed(Set.of(at(0), at(1), at(2)), PATIENCE);
            return List.of(0, 1, 2).stream().map(partition -> found.get(at(partition)))
                    .map(each -> each == null ? "none" : each.offset() + "'" + each.metadata() + "'").toList()
                    .toString();
        }
    }

    private String resume() {
        try (Consumer<String, String> member = consumer(member())) {
            member.subscribe(List.of(topic));
            List<Long> offsets = new ArrayList<>();
            Steps.until("a record", () -> {
                member.poll(SHORT).records(at(0)).forEach(record -> offsets.add(record.offset()));
                return !offsets.isEmpty();
            });
            return "from " + offsets.get(0) + " of partition 0";
        }
    }

    private Producer<String, String> transactional(String id) {
        Producer<String, String> producer = producer(Map.of("transactional.id", name + id));
        producer.initTransactions();
        return producer;
    }

    private String transactions() throws Exception {
        try (Producer<String, String> producer = transactional("-tx")) {
            for (int number = 0; number < 3; number++) {
                producer.beginTransaction();
                send(producer, at(1), "tx-" + number);
                if (number == 1) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        return "committed " + shown(read(at(1), "read_committed")) + ", uncommitted " + shown(read(at(1),
                "read_uncommitted"));
    }

    private String manyTransactions() throws Exception {
        try (Producer<String, String> producer = transactional("-many")) {
            for (int number = 0; number < MANY; number++) {
                producer.beginTransaction();
                send(producer, at(2), "many-" + number);
                producer.commitTransaction();
            }
        }
        return read(at(2), "read_committed").size() + " records";
    }

    private String offsetsInTransactions() {
        try (Producer<String, String> producer = transactional("-offsets");
                Consumer<String, String> member = consumer(member())) {
            for (long offset : List.of(9L, 2L)) {
                producer.beginTransaction();
                producer.sendOffsetsToTransaction(Map.of(at(0), new OffsetAndMetadata(offset, "by the transaction")),
                        member.groupMetadata());
                if (offset == 9) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        return committed();
    }

    private String fence() throws Exception {
        try (Producer<String, String> older = transactional("-fenced")) {
            older.beginTransaction();
            send(older, at(3), "by the older");
            transactional("-fenced").close();
            older.commitTransaction();
            return null;
        }
    }

    private String oneMoreTransaction() throws Exception {
        try (Producer<String, String> producer = transactional("-tx")) {
            producer.beginTransaction();
            send(producer, at(1), "again");
            producer.commitTransaction();
        }
        return shown(read(at(1), "read_committed"));
    }
}
