package io.semel.verify.contract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.nameOf;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.take;

/** What {@code Producer.send} says of a record, to its future and to its callback. */
class SendContractTest {
    private static final int RECORDS = 200;
    private static final String BIG = "x".repeat(3_000);

    @Contract
    void theMetadataSaysWhereTheRecordIsAndHowLargeItWas(Trial trial) throws Exception {
        String topic = trial.topic(2);
        try (Producer<String, String> producer = trial.producer()) {
            RecordMetadata first = producer.send(new ProducerRecord<>(topic, 1, 1_234L, "key", "value")).get();
            trial.expect("toString", topic + "-1@0", first);
            trial.expect("topic", topic, first.topic());
            trial.expect("partition", 1, first.partition());
            trial.expect("offset", 0, first.offset());
            trial.expect("hasOffset", true, first.hasOffset());
            trial.expect("timestamp", 1_234, first.timestamp());
            trial.expect("hasTimestamp", true, first.hasTimestamp());
            trial.expect("serializedKeySize", 3, first.serializedKeySize());
            trial.expect("serializedValueSize", 5, first.serializedValueSize());
            RecordMetadata second = producer.send(new ProducerRecord<>(topic, 1, null, null)).get();
            trial.expect("offset of the second", 1, second.offset());
            trial.expect("size of a null key", -1, second.serializedKeySize());
            trial.expect("size of a null value", -1, second.serializedValueSize());
        }
    }

    @Contract
    void callbacksRunInTheOrderOfSendsOnOneThreadOfTheProducers(Trial trial) throws Exception {
        String topic = trial.topic(1);
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        try (Producer<String, String> producer = trial.producer("client.id", "ordered", "linger.ms", 1)) {
            for (int number = 0; number < RECORDS; number++) {
                int mine = number;
                producer.send(new ProducerRecord<>(topic, 0, null, "v" + number), (metadata, failure) -> {
                    order.add(mine == metadata.offset() ? mine : -1);
                    threads.add(Thread.currentThread());
                });
            }
            producer.flush();
        }
        trial.expect("all in order", true, order.equals(IntStream.range(0, RECORDS).boxed().toList()));
        trial.expect("threads", 1, threads.stream().distinct().count());
        trial.expect("the caller's own", false, threads.contains(Thread.currentThread()));
        trial.expect("name of the thread", "kafka-producer-network-thread | ordered", threads.get(0).getName());
    }

    @Contract
    void theFutureIsDoneOnlyWhenTheCallbackHasReturned(Trial trial) throws Exception {
        String topic = trial.topic(1);
        List<Future<RecordMetadata>> futures = new CopyOnWriteArrayList<>();
        List<Object> seen = new CopyOnWriteArrayList<>();
        try (Producer<String, String> producer = trial.producer("linger.ms", 60_000, "delivery.timeout.ms", 120_000)) {
            futures.add(producer.send(new ProducerRecord<>(topic, "v"),
                    (metadata, failure) -> seen.add(futures.get(0).isDone())));
            trial.expect("done while it lingers", false, futures.get(0).isDone());
            trial.expect("cancel", false, futures.get(0).cancel(true));
            trial.expect("get with a timeout while it lingers", "TimeoutException",
                    outcome(() -> futures.get(0).get(20, TimeUnit.MILLISECONDS)));
            producer.flush();
            trial.expect("done after flush", true, futures.get(0).isDone());
            trial.expect("isCancelled", false, futures.get(0).isCancelled());
        }
        trial.expect("done in the callback", List.of(false), seen);
    }

    @Contract
    void aCallbackThatThrowsHarmsNobody(Trial trial) throws Exception {
        String topic = trial.topic(1);
        try (Producer<String, String> producer = trial.producer()) {
            Future<RecordMetadata> first = producer.send(new ProducerRecord<>(topic, "v"), (metadata, failure) -> {
                throw new IllegalStateException("a callback that fails");
            });
            trial.expect("its own future", 0, first.get().offset());
            trial.expect("the next one's", 1, producer.send(new ProducerRecord<>(topic, "v")).get().offset());
        }
    }

    @Contract
    void aCallbackMaySendButNotWait(Trial trial) throws Exception {
        String topic = trial.topic(1);
        List<Object> seen = new CopyOnWriteArrayList<>();
        List<Future<RecordMetadata>> inner = new CopyOnWriteArrayList<>();
        try (Producer<String, String> producer = trial.producer()) {
            producer.send(new ProducerRecord<>(topic, "v"), (metadata, failure) -> {
                inner.add(producer.send(new ProducerRecord<>(topic, "from the callback")));
                seen.add(outcome(producer::flush));
            }).get();
            trial.expect("sent by the callback", 1, inner.get(0).get().offset());
        }
        trial.expect("flush in a callback", List.of("KafkaException"), seen);
    }

    @Contract
    void keysValuesAndHeadersArriveAsTheyWereSent(Trial trial) throws Exception {
        String topic = trial.topic(1);
        List<Header> headers = List.of(new RecordHeader("same", bytes("1")), new RecordHeader("same", bytes("2")),
                new RecordHeader("none", (byte[]) null), new RecordHeader("", new byte[0]));
        try (Producer<String, String> producer = trial.producer();
                Consumer<String, String> consumer = trial.consumer()) {
            producer.send(new ProducerRecord<>(topic, 0, 5L, "k", "v", headers));
            producer.send(new ProducerRecord<String, String>(topic, 0, 6L, null, null));
            producer.send(new ProducerRecord<>(topic, 0, 7L, "", ""));
            producer.flush();
            consumer.assign(List.of(at(topic, 0)));
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            Trial.until("three records", () -> {
                consumer.poll(Trial.SHORT).forEach(records::add);
                return records.size() == 3;
            });
            trial.expect("headers", "same=[49] same=[50] none=null =[]", shown(records.get(0)));
            trial.expect("lastHeader", "[50]", Arrays.toString(records.get(0).headers().lastHeader("same").value()));
            trial.expect("first", "k=v 0@5 CreateTime 1 1", shape(records.get(0)));
            trial.expect("nulls", "null=null 1@6 CreateTime -1 -1", shape(records.get(1)));
            trial.expect("empty ones", "= 2@7 CreateTime 0 0", shape(records.get(2)));
            trial.expect("leader epoch", true, records.get(0).leaderEpoch().isPresent());
            trial.expect("delivery count", "Optional.empty", records.get(0).deliveryCount());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String shown(ConsumerRecord<?, ?> record) {
        StringBuilder shown = new StringBuilder();
        record.headers().forEach(
                header -> shown.append(header.key()).append('=').append(Arrays.toString(header.value())).append(' '));
        return shown.toString().strip();
    }

    private static String shape(ConsumerRecord<String, String> record) {
        return record.key() + '=' + record.value() + ' ' + record.offset() + '@' + record.timestamp() + ' '
                + record.timestampType() + ' ' + record.serializedKeySize() + ' ' + record.serializedValueSize();
    }

    @Contract
    void aRecordHasItsOwnTimestampOrThatOfItsSend(Trial trial) throws Exception {
        String topic = trial.topic(1);
        long before = System.currentTimeMillis();
        try (Producer<String, String> producer = trial.producer()) {
            long given = producer.send(new ProducerRecord<>(topic, 0, 77L, "k", "v")).get().timestamp();
            long taken = producer.send(new ProducerRecord<>(topic, "v")).get().timestamp();
            trial.expect("given", 77, given);
            trial.expect("taken from the clock", true, taken >= before && taken <= System.currentTimeMillis());
        }
        trial.expect("a negative one", "IllegalArgumentException",
                outcome(() -> new ProducerRecord<>(topic, 0, -1L, "k", "v")));
    }

    @Contract
    void logAppendTimeIsTheTimeOfTheAppend(Trial trial) throws Exception {
        List<String> topics = new ArrayList<>();
        trial.expect("topic with message.timestamp.type", Trial.DONE, outcome(
                () -> topics.add(trial.topic(1, Map.of("message.timestamp.type", "LogAppendTime")))));
        if (topics.isEmpty()) {
            return;
        }
        try (Producer<String, String> producer = trial.producer();
                Consumer<String, String> consumer = trial.consumer()) {
            RecordMetadata metadata = producer.send(new ProducerRecord<>(topics.get(0), 0, 77L, "k", "v")).get();
            trial.expect("the producer's own time stands", false, metadata.timestamp() == 77);
            consumer.assign(List.of(at(topics.get(0), 0)));
            take(consumer, 1);
        }
    }

    @Contract
    void aRecordThatIsTooLargeFailsInItsFutureAndCallbackAlone(Trial trial) throws Exception {
        String topic = trial.topic(1);
        List<String> told = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        try (Producer<String, String> producer = trial.producer("max.request.size", 1_000)) {
            Future<RecordMetadata> future = producer.send(new ProducerRecord<>(topic, 0, null, BIG),
                    (metadata, failure) -> {
                        told.add(metadata + " " + metadata.hasOffset() + " " + metadata.timestamp() + ' '
                                + nameOf(failure));
                        threads.add(Thread.currentThread());
                    });
            trial.expect("done at once", true, future.isDone());
            trial.expect("future", "ExecutionException of RecordTooLargeException", outcome(future::get));
            trial.expect("callback", List.of(topic + "-0@-1 false -1 RecordTooLargeException"), told);
            trial.expect("callback on the caller's thread", true, threads.contains(Thread.currentThread()));
            trial.expect("the next record", 0, producer.send(new ProducerRecord<>(topic, "v")).get().offset());
        }
        try (Producer<String, String> producer = trial.producer("buffer.memory", 1_000L)) {
            trial.expect("larger than buffer.memory", "ExecutionException of RecordTooLargeException",
                    outcome(producer.send(new ProducerRecord<>(topic, BIG))::get));
        }
    }

    @Contract
    void theTopicsLimitIsToldByTheFutureToo(Trial trial) throws Exception {
        String topic = trial.topic(1, Map.of("max.message.bytes", "2000"));
        try (Producer<String, String> producer = trial.producer()) {
            trial.expect("future", "ExecutionException of RecordTooLargeException",
                    outcome(producer.send(new ProducerRecord<>(topic, BIG))::get));
            trial.expect("the next record", 0, producer.send(new ProducerRecord<>(topic, "v")).get().offset());
        }
    }

    @Contract
    void aTopicThatIsNotThereFailsTheFuture(Trial trial) throws Exception {
        String topic = trial.topic(1);
        List<String> told = new CopyOnWriteArrayList<>();
        try (Producer<String, String> producer = trial.producer("max.block.ms", 100)) {
            trial.expect("no such topic", "ExecutionException of TimeoutException",
                    outcome(producer.send(new ProducerRecord<>(trial.name("missing"), "v"),
                            (metadata, failure) -> told.add(metadata.partition() + " " + nameOf(failure)))::get));
            trial.expect("its callback", List.of("-1 TimeoutException"), told);
            trial.expect("no such partition", "ExecutionException of TimeoutException",
                    outcome(producer.send(new ProducerRecord<>(topic, 7, null, "v"))::get));
            trial.expect("no name for a topic", "ExecutionException of InvalidTopicException",
                    outcome(() -> trial.producer().send(new ProducerRecord<>("no/topic", "v")).get()));
            trial.expect("a negative partition", "IllegalArgumentException",
                    outcome(() -> new ProducerRecord<>(topic, -1, null, "v")));
            trial.expect("no record", "NullPointerException", outcome(() -> producer.send(null)));
        }
    }

    @Contract
    void withoutAcknowledgementsTheOffsetIsNotTold(Trial trial) throws Exception {
        String topic = trial.topic(1);
        try (Producer<String, String> producer = trial.producer("acks", "0", "enable.idempotence", false)) {
            RecordMetadata metadata = producer.send(new ProducerRecord<>(topic, 0, 9L, null, "v")).get();
            trial.expect("hasOffset", false, metadata.hasOffset());
            trial.expect("offset", -1, metadata.offset());
            trial.expect("timestamp", 9, metadata.timestamp());
        }
    }

    @Contract
    void configurationsThatContradictThemselvesAreRefused(Trial trial) {
        trial.expect("acks=1 with idempotence", "ConfigException",
                outcome(() -> trial.producer("enable.idempotence", true, "acks", "1")));
        trial.expect("transactions without idempotence", "ConfigException",
                outcome(() -> trial.uninitialized(trial.name("id"), "enable.idempotence", false)));
        trial.expect("six in flight with idempotence", "ConfigException", outcome(() -> trial.producer(
                "enable.idempotence", true, "max.in.flight.requests.per.connection", 6)));
        trial.expect("delivery.timeout.ms below linger.ms + request.timeout.ms", "KafkaException of ConfigException",
                outcome(() -> trial.producer("delivery.timeout.ms", 100, "linger.ms", 50)));
        trial.expect("no serializer", "ConfigException",
                outcome(() -> trial.home().producer(Map.of(), null, null)));
        trial.expect("an unknown codec", "ConfigException", outcome(() -> trial.producer("compression.type", "zip")));
        trial.expect("a name that nobody knows", Trial.DONE, outcome(() -> trial.producer("no.such.name", "1")));
    }
}
