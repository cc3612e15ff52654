package io.semel.server.demo;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.server.Sends;

/**
 * Sends a text line by line. With exactly once, lines and the place up to which the text was read commit in one
 * transaction; with the others the place is committed after the lines, or before them.
 *
 * <p>Thread rule: {@link #run} by one thread; the counts by any.
 */
final class Feeder {
    private final Semel semel;
    private final WorkerOptions options;
    private final Pace pace;
    private volatile long committedLines;
    private volatile long commits;
    private final Deque<Future<RecordMetadata>> unconfirmed = new ArrayDeque<>();
    private Place place;
    private LineReader reader;
    private Consumer<String, String> group;

    private Feeder(Semel semel, WorkerOptions options, Place place) {
        this.semel = semel;
        this.options = options;
        this.pace = Pace.of(options.linesPerSecond());
        this.place = place;
        this.committedLines = place.line();
    }

    static Feeder resume(Semel semel, WorkerOptions options) {
        return new Feeder(semel, options, placeIn(semel));
    }

    static Place placeIn(Semel semel) {
        return Place.of(semel.admin().groupOffsets(DemoTopics.FEEDER_GROUP).get(DemoTopics.TEXT));
    }

    long committedLines() {
        return committedLines;
    }

    long commits() {
        return commits;
    }

    void run() throws IOException, InterruptedException {
        reader = LineReader.open(options.text(), place.position());
        try (Producer<String, String> producer = open(); Consumer<String, String> consumer = openGroup()) {
            group = consumer;
            while (place.line() < options.lineLimit()) {
                switch (options.semantics()) {
                    case EXACTLY_ONCE -> {
                        producer.beginTransaction();
                        sendLines(producer);
                        producer.sendOffsetsToTransaction(Map.of(DemoTopics.TEXT, place.toOffset()),
                                group.groupMetadata());
                        producer.commitTransaction();
                        unconfirmed.clear();
                    }
                    case AT_LEAST_ONCE -> {
                        sendLines(producer);
                        producer.flush();
                        // A place past a line that failed would lose it: then the worker ends, and begins at the old
                        // place.
                        Sends.confirm(unconfirmed);
                        commitPlace(place);
                    }
                    case AT_MOST_ONCE -> {
                        commitPlace(placeAhead());
                        sendLines(producer);
                        producer.flush();
                        unconfirmed.clear();
                    }
                }
                committedLines = place.line();
                commits = commits + 1;
            }
        } finally {
            reader.close();
        }
    }

    private Producer<String, String> open() {
        DeliverySemantics semantics = options.semantics();
        Map<String, Object> configs = semantics == DeliverySemantics.EXACTLY_ONCE
                ? Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, DemoTopics.FEEDER_GROUP)
                : Map.of();
        Producer<String, String> producer = semel.producer(semantics, configs, new StringSerializer(),
                new StringSerializer());
        if (semantics == DeliverySemantics.EXACTLY_ONCE) {
            producer.initTransactions();
        }
        return producer;
    }

    /** A text is no topic: nothing is polled here, only committed. */
    private Consumer<String, String> openGroup() {
        Map<String, Object> configs = Map.of(ConsumerConfig.GROUP_ID_CONFIG, DemoTopics.FEEDER_GROUP);
        return semel.consumer(options.semantics(), configs, new StringDeserializer(), new StringDeserializer());
    }

    private long endOfBlock() {
        return Math.min(place.line() + options.linesPerTransaction(), options.lineLimit());
    }

    private void sendLines(Producer<String, String> producer) throws IOException {
        long end = endOfBlock();
        while (place.line() < end) {
            String line = readLine();
            unconfirmed.add(producer.send(new ProducerRecord<>(DemoTopics.LINES, Long.toString(place.line() - 1),
                    line)));
            pace.step();
        }
    }

    /** Reads the next line, at the end of the text the first one of the next pass, and moves on. */
    private String readLine() throws IOException {
        int pass = place.pass();
        if (!reader.next()) {
            reader.close();
            reader = LineReader.open(options.text(), 0);
            pass++;
            if (!reader.next()) {
                throw new IOException("the text became empty: " + options.text());
            }
        }
        place = new Place(place.line() + 1, pass, reader.position());
        return reader.line();
    }

    /** The place after the next block, found by reading it once before. */
    private Place placeAhead() throws IOException {
        Place before = place;
        long end = endOfBlock();
        while (place.line() < end) {
            readLine();
        }
        Place ahead = place;
        place = before;
        reader.close();
        reader = LineReader.open(options.text(), place.position());
        return ahead;
    }

    private void commitPlace(Place reached) {
        group.commitSync(Map.of(DemoTopics.TEXT, reached.toOffset()));
    }
}
