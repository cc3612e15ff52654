package io.semel.verify.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;

import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.nameOf;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.take;

/**
 * Interceptors, partitioners and serializers of the user's own: when they are called, with what, and what if they
 * throw.
 */
class PluginContractTest {
    private static final List<String> CALLS = new CopyOnWriteArrayList<>();

    @BeforeEach
    void forget() {
        CALLS.clear();
    }

    /** Makes the value longer, and hears what became of it. */
    public static class Marking implements ProducerInterceptor<String, String> {
        private String mark = "?";

        @Override
        public void configure(Map<String, ?> configs) {
            mark = String.valueOf(configs.get("mark"));
        }

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            return new ProducerRecord<>(record.topic(), record.partition(), record.timestamp(), record.key(),
                    record.value() + mark, record.headers().add("seen", mark.getBytes()));
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception failure, Headers headers) {
            CALLS.add("marking " + metadata.partition() + " " + metadata.offset() + " " + nameOf(failure) + " "
                    + outcome(() -> headers.add("late", new byte[0])));
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception failure) {
            CALLS.add("the older of two methods");
        }

        @Override
        public void close() {
            CALLS.add("closed");
        }
    }

    /** Fails whenever it can. */
    public static final class Failing extends Marking {
        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            throw new IllegalStateException("an interceptor that fails");
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception failure, Headers headers) {
            CALLS.add("failing");
            throw new IllegalStateException("an interceptor that fails");
        }
    }

    @Contract
    void producerInterceptorsFormAChainThatNoFailureBreaks(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String chain = Failing.class.getName() + ',' + Marking.class.getName();
        try (Producer<String, String> producer = trial.producer("interceptor.classes", chain, "mark", "!");
                Consumer<String, String> consumer = trial.consumer()) {
            producer.send(new ProducerRecord<>(topic, "v"), (metadata, failure) -> CALLS.add("callback")).get();
            trial.expect("order", "[failing, marking 0 0 none IllegalStateException, callback]", CALLS);
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("the record", List.of("v!"), take(consumer, 1));
        }
        trial.expect("closed", 2, CALLS.stream().filter("closed"::equals).count());
    }

    @Contract
    void producerInterceptorsHearOfRecordsThatGotNowhere(Trial trial) throws Exception {
        String topic = trial.topic(2);
        try (Producer<String, String> producer = trial.producer("interceptor.classes", Marking.class.getName(), "mark",
                "!", "max.request.size", 200)) {
            outcome(producer.send(new ProducerRecord<>(topic, 1, null, "x".repeat(300)),
                    (metadata, failure) -> CALLS.add("callback " + nameOf(failure)))::get);
            trial.expect("too large", "[callback RecordTooLargeException, "
                    + "marking 1 -1 RecordTooLargeException IllegalStateException]",
                    CALLS.stream().sorted().toList());
        }
        CALLS.clear();
        try (Producer<Object, String> producer = trial.closedWithThis(trial.home().producer(
                Map.of("interceptor.classes", Marking.class.getName(), "mark", "!"), new Refusing(),
                new StringSerializer()))) {
            trial.expect("not serialized", "SerializationException", outcome(() -> producer
                    .send(new ProducerRecord<>(topic, 1, "key", "v"), (metadata, failure) -> CALLS.add("callback"))));
            trial.expect("told of it", "[marking 1 -1 SerializationException IllegalStateException]", CALLS);
        }
    }

    /** A serializer that refuses keys. */
    public static final class Refusing implements Serializer<Object> {
        @Override
        public byte[] serialize(String topic, Object data) {
            throw new SerializationException("a key that can't be serialized");
        }
    }

    /** Sends everything to the last partition. */
    public static final class ToTheLast implements Partitioner {
        private int shift;

        @Override
        public void configure(Map<String, ?> configs) {
            shift = Integer.parseInt(String.valueOf(configs.get("shift")));
        }

        @Override
        public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes,
                Cluster cluster) {
            CALLS.add(key + " " + keyBytes.length + ' ' + value + ' ' + cluster.partitionsForTopic(topic).size() + ' '
                    + cluster.availablePartitionsForTopic(topic).size() + ' ' + cluster.nodes().size());
            if (value.equals("throw")) {
                throw new IllegalStateException("a partitioner that fails");
            }
            return cluster.partitionCountForTopic(topic) + shift;
        }

        @Override
        public void close() {
            CALLS.add("closed");
        }
    }

    @Contract
    void aPartitionerOfTheUsersDecides(Trial trial) throws Exception {
        String topic = trial.topic(3);
        try (Producer<String, String> producer = trial.producer("partitioner.class", ToTheLast.class.getName(), "shift",
                "-1")) {
            trial.expect("chosen", 2, producer.send(new ProducerRecord<>(topic, "key", "v")).get().partition());
            trial.expect("asked with", "[key 3 v 3 3 1]", CALLS);
            trial.expect("a named one wins", 0,
                    producer.send(new ProducerRecord<>(topic, 0, "key", "v")).get().partition());
            trial.expect("asked once", 1, CALLS.size());
            trial.expect("it throws", "IllegalStateException",
                    outcome(() -> producer.send(new ProducerRecord<>(topic, "key", "throw"))));
        }
        trial.expect("closed", "closed", CALLS.get(CALLS.size() - 1));
        try (Producer<String, String> producer = trial.producer("partitioner.class", ToTheLast.class.getName(), "shift",
                "-9")) {
            trial.expect("a negative partition", "IllegalArgumentException",
                    outcome(() -> producer.send(new ProducerRecord<>(topic, "key", "v"))));
        }
    }

    @Contract
    void kafkasOwnPartitionersAreServed(Trial trial) throws Exception {
        String topic = trial.topic(3);
        try (Producer<String, String> producer = trial.producer("partitioner.class",
                "org.apache.kafka.clients.producer.RoundRobinPartitioner")) {
            List<Integer> partitions = new ArrayList<>();
            for (int number = 0; number < 6; number++) {
                partitions.add(producer.send(new ProducerRecord<>(topic, "key", "v")).get().partition());
            }
            trial.expect("in turn", "[0, 0, 1, 1, 2, 2]", partitions.stream().sorted().toList());
        }
        try (Producer<String, String> producer = trial.producer("partitioner.ignore.keys", true)) {
            int first = producer.send(new ProducerRecord<>(topic, "one", "v")).get().partition();
            trial.expect("keys ignored within a batch", first,
                    producer.send(new ProducerRecord<>(topic, "other", "v")).get().partition());
        }
    }

    @Contract
    void keysGoWhereTheirHashSays(Trial trial) throws Exception {
        String topic = trial.topic(7);
        List<Integer> partitions = new ArrayList<>();
        try (Producer<String, String> producer = trial.producer()) {
            for (int number = 0; number < 10; number++) {
                partitions.add(producer.send(new ProducerRecord<>(topic, "key-" + number, "v")).get().partition());
            }
        }
        trial.expect("partitions", "[0, 5, 4, 4, 5, 4, 5, 3, 4, 2]", partitions);
    }

    /** Counts how it was configured and closed. */
    public static final class Counting implements Serializer<String>, Deserializer<String> {
        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            CALLS.add("configured " + isKey + ' ' + configs.get("flavour"));
        }

        @Override
        public byte[] serialize(String topic, String data) {
            throw new UnsupportedOperationException("serialize with headers is called instead");
        }

        @Override
        public byte[] serialize(String topic, Headers headers, String data) {
            headers.add("by", "serializer".getBytes());
            return data == null ? null : data.getBytes();
        }

        @Override
        public String deserialize(String topic, byte[] data) {
            if (new String(data).equals("bad")) {
                throw new SerializationException("a value that can't be deserialized");
            }
            return new String(data);
        }

        @Override
        public void close() {
            CALLS.add("closed");
        }
    }

    @Contract
    void serializersOfTheConfigurationAreConfiguredAndAllAreClosed(Trial trial) throws Exception {
        String topic = trial.topic(1);
        try (Producer<String, String> producer = trial.closedWithThis(
                trial.home().<String, String>producer(Map.of("key.serializer", Counting.class, "value.serializer",
                        Counting.class.getName(), "flavour", "sweet"), null, null))) {
            producer.send(new ProducerRecord<>(topic, "v")).get();
        }
        trial.expect("from the configuration", "[configured true sweet, configured false sweet, closed, closed]",
                CALLS);
        CALLS.clear();
        trial.home().producer(Map.of(), new Counting(), new Counting()).close();
        trial.expect("given", "[closed, closed]", CALLS);
        CALLS.clear();
        trial.home().consumer(Map.of("key.deserializer", Counting.class, "flavour", "sour"), null, new Counting())
                .close();
        trial.expect("deserializers", "[configured true sour, closed, closed]", CALLS);
    }

    @Contract
    void aValueOfTheWrongClassIsThrownAtTheCaller(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Map<String, Object> configs = Map.of("key.serializer", StringSerializer.class, "value.serializer",
                StringSerializer.class);
        try (Producer<Object, Object> producer = trial.closedWithThis(
                trial.home().<Object, Object>producer(configs, null, null))) {
            trial.expect("value", "SerializationException", outcome(() -> producer.send(new ProducerRecord<>(topic, 5),
                    (metadata, failure) -> CALLS.add("callback"))));
            trial.expect("key", "SerializationException",
                    outcome(() -> producer.send(new ProducerRecord<>(topic, 5, "v"))));
            trial.expect("no callback", List.of(), CALLS);
        }
    }

    @Contract
    void aRecordThatCannotBeDeserializedStopsThePollUntilItIsPassed(Trial trial) throws Exception {
        String topic = trial.topic(1);
        trial.write(at(topic, 0), "one", "bad", "three");
        try (Consumer<String, String> consumer = trial.closedWithThis(trial.home().consumer(
                Map.of("auto.offset.reset", "earliest"), new StringDeserializer(), new Counting()))) {
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("what stands before", List.of("one"), take(consumer, 1));
            trial.expect("the bad one", "RecordDeserializationException", pollToFailure(consumer));
            trial.expect("again", "RecordDeserializationException", pollToFailure(consumer));
            trial.expect("position", 1, consumer.position(at(topic, 0)));
            consumer.seek(at(topic, 0), 2);
            trial.expect("what stands behind", List.of("three"), take(consumer, 1));
        }
    }

    private static String pollToFailure(Consumer<String, String> consumer) {
        List<String> seen = new ArrayList<>();
        Trial.until("a failure", () -> {
            String outcome = outcome(() -> consumer.poll(Trial.SHORT));
            seen.add(outcome);
            return !outcome.equals(Trial.DONE);
        });
        return seen.get(seen.size() - 1);
    }

    /** Lets every second value through. */
    public static final class Sieve implements ConsumerInterceptor<String, String> {
        @Override
        public void configure(Map<String, ?> configs) {
            CALLS.add("configured " + configs.get("group.id"));
        }

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            if (!records.isEmpty()) {
                CALLS.add("consume " + records.count());
            }
            throw new IllegalStateException("an interceptor that fails");
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            CALLS.add("commit " + offsets.values().stream().map(OffsetAndMetadata::offset).toList());
        }

        @Override
        public void close() {
            CALLS.add("closed");
        }
    }

    @Contract
    void consumerInterceptorsSeeWhatIsConsumedAndCommitted(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        trial.write(at(topic, 0), "one", "two");
        try (Consumer<String, String> consumer = trial.member(group, "interceptor.classes", Sieve.class.getName(),
                "max.poll.records", 2, "fetch.min.bytes", 1)) {
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("a failing one changes nothing", List.of("one", "two"), take(consumer, 2));
            consumer.commitSync();
        }
        List<String> shown = CALLS.stream().filter(call -> !call.startsWith("consume")).toList();
        trial.expect("calls", List.of("configured " + group, "commit [2]", "closed"), shown);
    }

    /** Counts the polls that it is shown without a record. */
    public static final class Idle implements ConsumerInterceptor<String, String> {
        @Override
        public void configure(Map<String, ?> configs) {
            // Nothing that it would need.
        }

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            CALLS.add(records.isEmpty() ? "nothing" : "something");
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            // Not what it is about.
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    @Contract
    void consumerInterceptorsDoNotSeePollsThatBroughtNothing(Trial trial) throws Exception {
        String topic = trial.topic(1);
        try (Consumer<String, String> consumer = trial.consumer("interceptor.classes", Idle.class.getName())) {
            consumer.assign(List.of(at(topic, 0)));
            consumer.poll(Trial.SHORT);
            consumer.poll(Trial.SHORT);
            trial.write(at(topic, 0), "one");
            take(consumer, 1);
            consumer.poll(Trial.SHORT);
        }
        trial.expect("calls", List.of("something"), CALLS);
    }
}
