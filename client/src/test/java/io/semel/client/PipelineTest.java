package io.semel.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class PipelineTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;

    @TempDir
    private Path directory;

    @BeforeEach
    void createTopics() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic("in", PARTITIONS);
            semel.admin().createTopic("out", PARTITIONS);
        }
    }

    private static void produce(Semel semel, int from, int to) {
        try (Producer<String, String> producer = semel.producer(DeliverySemantics.AT_LEAST_ONCE, Map.of(),
                new StringSerializer(), new StringSerializer())) {
            for (int number = from; number < to; number++) {
                producer.send(new ProducerRecord<>("in", "key-" + number % 17, "value-" + number));
            }
        }
    }

    private static PipelineBuilder.Ready<String, String, String, String> upperCase(Semel semel) {
        return semel.pipeline("upper").from("in", Serdes.String(), Serdes.String())
                .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> out
                        .send(record.key(), record.value().toUpperCase()))
                .to("out", Serdes.String(), Serdes.String());
    }

    private static List<String> committed(Semel semel) {
        List<String> values = new ArrayList<>();
        try (Consumer<String, String> consumer = semel.consumer(DeliverySemantics.EXACTLY_ONCE, Map.of(),
                new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int index = 0; index < PARTITIONS; index++) {
                partitions.add(new TopicPartition("out", index));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                ConsumerRecords<String, String> records = consumer.poll(LONG);
                records.forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private static void assertEachOnce(List<String> values, int count) {
        Map<String, Integer> times = new HashMap<>();
        values.forEach(value -> times.merge(value, 1, Integer::sum));
        for (int number = 0; number < count; number++) {
            assertEquals(1, times.get("VALUE-" + number), "VALUE-" + number);
        }
        assertEquals(count, values.size());
    }

    @ParameterizedTest
    @EnumSource(DeliverySemantics.class)
    void everyRecordComesOutOnceWhenNothingFails(DeliverySemantics semantics) throws Exception {
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 0, 2000);
            Pipeline pipeline = upperCase(semel).semantics(semantics).threads(2).start();
            assertTrue(pipeline.awaitCaughtUp(LONG), pipeline.toString());
            pipeline.close();
            assertEquals(2000, pipeline.stats().recordsIn());
            assertEachOnce(committed(semel), 2000);
        }
    }

    @Test
    void goesOnWhereTheLastRunLeftOff() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 0, 500);
            try (Pipeline pipeline = upperCase(semel).start()) {
                assertTrue(pipeline.awaitCaughtUp(LONG));
            }
        }
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 500, 1000);
            Pipeline pipeline = upperCase(semel).start();
            assertTrue(pipeline.awaitCaughtUp(LONG));
            pipeline.close();
            assertEquals(500, pipeline.stats().recordsIn());
            assertEachOnce(committed(semel), 1000);
        }
    }

    @Test
    void failureOfTheFunctionLeavesNothingHalfDoneAndTheNextRunTakesItAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 0, 300);
            Pipeline pipeline = semel.pipeline("upper").from("in", Serdes.String(), Serdes.String())
                    .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> {
                        out.send(record.key(), record.value().toUpperCase());
                        if (calls.incrementAndGet() == 150) {
                            failed.countDown();
                            throw new IllegalStateException("the function fails");
                        }
                    }).to("out", Serdes.String(), Serdes.String()).maxRecordsPerCommit(40).start();
            assertTrue(failed.await(60, TimeUnit.SECONDS));
            assertThrows(IllegalStateException.class, () -> pipeline.awaitCaughtUp(LONG));
            pipeline.close();
            assertEquals("the function fails", pipeline.failure().orElseThrow().getMessage());
            try (Pipeline again = upperCase(semel).start()) {
                assertTrue(again.awaitCaughtUp(LONG));
            }
            assertEachOnce(committed(semel), 300);
        }
    }

    @ParameterizedTest
    @EnumSource(DeliverySemantics.class)
    void catchesUpWithMarkersAndAbortedRecordsThatBringNoRecords(DeliverySemantics semantics) throws Exception {
        try (Semel semel = Semel.open(directory)) {
            try (Producer<String, String> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE,
                    Map.of("transactional.id", "feeder"), new StringSerializer(), new StringSerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                for (int number = 0; number < 10; number++) {
                    producer.send(new ProducerRecord<>("in", 0, "key", "value-" + number));
                }
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("in", 1, "key", "aborted")).get();
                producer.abortTransaction();
            }
            try (Pipeline pipeline = upperCase(semel).semantics(semantics).maxRecordsPerCommit(10).start()) {
                assertTrue(pipeline.awaitCaughtUp(LONG), pipeline.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DeliverySemantics.class)
    void sendThatFailedBeforeOthersSucceededStopsThePipeline(DeliverySemantics semantics) throws Exception {
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 0, 10);
            Pipeline pipeline = semel.pipeline("upper").from("in", Serdes.String(), Serdes.String())
                    .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> {
                        out.send(record.key(), "x".repeat(2 << 20));
                        out.send(record.key(), record.value());
                    }).to("out", Serdes.String(), Serdes.String()).semantics(semantics).start();
            awaitFailure(pipeline);
            pipeline.close();
            assertTrue(hasCause(pipeline.failure().orElseThrow(), RecordTooLargeException.class),
                    () -> String.valueOf(pipeline.failure()));
            if (semantics != DeliverySemantics.AT_MOST_ONCE) {
                assertEquals(Map.of(), semel.admin().groupOffsets("upper"));
            }
        }
    }

    private static void awaitFailure(Pipeline pipeline) {
        while (pipeline.failure().isEmpty()) {
            Thread.yield();
        }
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        return failure != null && (type.isInstance(failure) || hasCause(failure.getCause(), type));
    }

    @Test
    void secondPipelineOfTheSameNameIsRefused() throws Exception {
        try (Semel semel = Semel.open(directory); Pipeline first = upperCase(semel).start()) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> upperCase(semel).start());
            assertTrue(refused.getMessage().contains("upper"), refused.getMessage());
            assertTrue(first.failure().isEmpty());
        }
    }

    @Test
    void closingAnEndedPipelineAgainLeavesItsSuccessorRegistered() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            Pipeline first = upperCase(semel).start();
            first.close();
            try (Pipeline second = upperCase(semel).start()) {
                first.close();
                assertThrows(IllegalStateException.class, () -> upperCase(semel).start());
                assertTrue(second.failure().isEmpty());
            }
        }
    }

    @Test
    void pipelineThatStoppedByItselfGivesItsNameBack() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 0, 10);
            Pipeline failing = semel.pipeline("upper").from("in", Serdes.String(), Serdes.String())
                    .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> {
                        throw new IllegalStateException("the function fails");
                    }).to("out", Serdes.String(), Serdes.String()).start();
            awaitFailure(failing);
            while (failing.isRunning()) {
                Thread.yield();
            }
            try (Pipeline again = upperCase(semel).start()) {
                assertTrue(again.awaitCaughtUp(Duration.ofSeconds(Long.MAX_VALUE)));
            }
            assertEachOnce(committed(semel), 10);
        }
    }

    @Test
    void functionMayCloseItsPipeline() throws Exception {
        AtomicReference<Pipeline> itself = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 0, 10);
            Pipeline pipeline = semel.pipeline("upper").from("in", Serdes.String(), Serdes.String())
                    .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> {
                        started.await();
                        itself.get().close();
                    }).to("out", Serdes.String(), Serdes.String()).threads(2).start();
            itself.set(pipeline);
            started.countDown();
            while (pipeline.isRunning()) {
                Thread.yield();
            }
            assertTrue(pipeline.failure().isEmpty(), () -> String.valueOf(pipeline.failure()));
        }
    }

    @Test
    void functionMayCloseTheDirectory() throws Exception {
        Semel semel = Semel.open(directory);
        produce(semel, 0, 10);
        Pipeline pipeline = semel.pipeline("upper").from("in", Serdes.String(), Serdes.String())
                .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> semel.close())
                .to("out", Serdes.String(), Serdes.String()).start();
        while (pipeline.isRunning()) {
            Thread.yield();
        }
        assertTrue(pipeline.failure().isEmpty(), () -> String.valueOf(pipeline.failure()));
        // Whoever closes meanwhile waits for it.
        semel.close();
        Semel.open(directory).close();
    }

    @Test
    void failureWithAPassingReasonBelowMakesItTakeTheBatchAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 0, 10);
            try (Pipeline pipeline = semel.pipeline("upper").from("in", Serdes.String(), Serdes.String())
                    .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> {
                        out.send(record.key(), record.value().toUpperCase());
                        if (calls.incrementAndGet() == 5) {
                            throw new KafkaException("lost", new KafkaStorageException("disk full"));
                        }
                    }).to("out", Serdes.String(), Serdes.String()).start()) {
                assertTrue(pipeline.awaitCaughtUp(LONG));
                assertEquals(1, pipeline.stats().restarts());
            }
            assertEachOnce(committed(semel), 10);
        }
    }

    /** Of somebody who writes in place in front of what the pipeline writes, and takes longer than a commit waits. */
    private static List<Appender> claimInFront(Semel semel) {
        List<Appender> held = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "out", partition);
            appender.claim(null, 8);
            held.add(appender);
        }
        return held;
    }

    private static void awaitRestart(Pipeline pipeline) {
        while (pipeline.failure().isEmpty() && pipeline.stats().restarts() == 0) {
            Thread.yield();
        }
    }

    @Test
    void commitThatTimedOutIsWaitedForAndNothingOfItComesTwice() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            List<Appender> held = claimInFront(semel);
            produce(semel, 0, 10);
            try (Pipeline pipeline = upperCase(semel).maxBlock(Duration.ofSeconds(2)).start()) {
                awaitRestart(pipeline);
                held.forEach(Appender::abort);
                assertTrue(pipeline.awaitCaughtUp(LONG), pipeline.toString());
            }
            assertEachOnce(committed(semel), 10);
        }
    }

    @Test
    void pipelineClosesThoughItsCommitWaitsForEverAndTheNextOneTakesTheBatch() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            List<Appender> held = claimInFront(semel);
            produce(semel, 0, 10);
            Pipeline pipeline = upperCase(semel).maxBlock(Duration.ofMillis(500)).start();
            awaitRestart(pipeline);
            pipeline.close();
            assertTrue(pipeline.failure().isEmpty(), () -> String.valueOf(pipeline.failure()));
            held.forEach(Appender::abort);
            try (Pipeline next = upperCase(semel).start()) {
                assertTrue(next.awaitCaughtUp(LONG), next.toString());
            }
            assertEachOnce(committed(semel), 10);
        }
    }

    @Test
    void missingTopicIsSaidBeforeAnythingStarts() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            assertThrows(UnknownTopicOrPartitionException.class,
                    () -> semel.pipeline("p").from("nowhere", Serdes.String(), Serdes.String())
                            .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> {
                            }).to("out", Serdes.String(), Serdes.String()).start());
        }
    }

    @Test
    void closingTheDirectoryEndsPipelinesFirst() throws Exception {
        Pipeline pipeline;
        try (Semel semel = Semel.open(directory)) {
            produce(semel, 0, 100);
            pipeline = upperCase(semel).start();
        }
        assertTrue(pipeline.failure().isEmpty(), () -> String.valueOf(pipeline.failure()));
        try (Semel semel = Semel.open(directory)) {
            assertEquals(0, semel.recovery().abortedBranches());
        }
    }
}
