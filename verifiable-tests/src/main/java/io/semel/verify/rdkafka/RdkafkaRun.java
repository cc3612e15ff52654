package io.semel.verify.rdkafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import io.semel.verify.kafka.KafkaBroker;
import io.semel.verify.kafka.KafkaPartitions;
import io.semel.verify.rdkafka.RdkafkaResult.TopicCounts;

/**
 * Writes the topics with Semel, has an Apache Kafka broker serve the very files, and compares what librdkafka shows of
 * them with what Semel's own reader shows.
 *
 * <p>Thread rule: one thread.
 */
public final class RdkafkaRun {
    /** One fault of the format shows in most readings, and some only after a time limit. */
    private static final int MAX_READINGS_THAT_DIFFER = 3;

    private final RdkafkaPlan plan;
    private final Consumer<String> progress;
    private final LongConsumer compared;
    private final Map<String, TopicCounts> counts = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();
    private int readingsThatDiffer;

    /**
     * @param progress is told what is done next
     * @param compared is told how many records were the same so far
     */
    public RdkafkaRun(RdkafkaPlan plan, Consumer<String> progress, LongConsumer compared) {
        this.plan = plan;
        this.progress = progress;
        this.compared = compared;
    }

    /**
     * Runs. Whatever fails from here on is a finding: the machine has all that is needed.
     *
     * @throws InterruptedException when this thread is interrupted; the broker is stopped all the same
     */
    public RdkafkaResult run() throws InterruptedException {
        long startNs = System.nanoTime();
        try {
            judge();
        } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
            differences.add((e instanceof DifferenceException ? "" : e.getClass().getSimpleName() + ": ")
                    + e.getMessage());
        }
        return new RdkafkaResult(List.copyOf(counts.values()), differences,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
    }

    private void judge() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        progress.accept("Semel writes");
        JudgedTopics topics = JudgedTopics.write(plan.directory().resolve("semel"), plan.kcat().codecs(), plan.seed());
        progress.accept("Semel reads");
        List<Reading> readings = topics.readings();
        progress.accept("Apache Kafka's broker starts");
        // The records are as old as they are, and stay.
        try (KafkaBroker broker = KafkaBroker.create(plan.directory().resolve("kafka"),
                Map.of("log.retention.ms", "-1"))) {
            serve(broker, topics);
            for (int number = 0; number < readings.size()
                    && readingsThatDiffer < MAX_READINGS_THAT_DIFFER; number++) {
                progress.accept("librdkafka reads " + (number + 1) + '/' + readings.size());
                compare(broker, readings.get(number));
            }
        }
    }

    private void serve(KafkaBroker broker, JudgedTopics topics)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        KafkaPartitions.create(broker.bootstrapServers(), Arrays.stream(Shape.values()).map(Shape::topic).toList(),
                Map.of());
        broker.stop();
        for (Shape shape : Shape.values()) {
            KafkaPartitions.replace(broker, shape.topic(), topics.directory(shape));
            Path served = broker.partitionDirectory(shape.topic(), 0);
            plan.sabotage().apply(served);
            count(shape, SegmentFiles.read(served), topics.fillers().get(shape));
        }
        broker.start();
    }

    /** A claim that was given up is a filler in the files, and nothing else is; compaction takes some. */
    private void count(Shape shape, SegmentFiles files, long givenUp) {
        long fillers = files.fillers().size();
        if (fillers > givenUp || fillers < givenUp && shape != Shape.COMPACTED) {
            differences.add("topic " + shape.topic() + ": " + givenUp + " claims were given up, its segments hold "
                    + fillers + " fillers");
        }
        counts.put(shape.topic(), new TopicCounts(shape.topic(), files.segments(), files.batches().size(), fillers, 0,
                0, 0));
    }

    private void compare(KafkaBroker broker, Reading reading) throws IOException, InterruptedException {
        try {
            reading.expected().requireSame(plan.kcat().read(broker.bootstrapServers(), reading, plan.directory()));
            counts.computeIfPresent(reading.topic(), (topic, before) -> before.with(reading));
            compared.accept(counts.values().stream().mapToLong(TopicCounts::records).sum());
        } catch (DifferenceException e) {
            differences.add(reading + ": " + e.getMessage());
            readingsThatDiffer++;
        }
    }
}
