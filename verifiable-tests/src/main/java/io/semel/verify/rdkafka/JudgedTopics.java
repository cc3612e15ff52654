package io.semel.verify.rdkafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.client.SemelAdmin.PartitionDescription;
import io.semel.client.runtime.Waiting;
import io.semel.log.batch.codec.Codec;
import io.semel.verify.rdkafka.SegmentFiles.Batch;

/**
 * A directory of Semel's with a topic of every {@link Shape}: written in one life of it, read in a later one.
 *
 * @param fillers how many were written to each
 */
record JudgedTopics(Path home, Map<Shape, Long> fillers) {
    private static final Duration COMPACTION_LIMIT = Duration.ofSeconds(60);
    private static final int BATCHES_PER_POLL = 64;

    /** Fillers of one topic that readings begin on and behind. */
    private static final int FILLERS_CHOSEN = 5;

    /** How isolation is named to Kafka's clients, and asked for in Semel. */
    private static final Map<String, DeliverySemantics> ISOLATIONS = Map.of("read_uncommitted",
            DeliverySemantics.AT_LEAST_ONCE, "read_committed", DeliverySemantics.EXACTLY_ONCE);

    static JudgedTopics write(Path home, List<Codec> codecs, long seed) throws IOException {
        Random random = new Random(seed);
        Map<Shape, Long> fillers = new EnumMap<>(Shape.class);
        try (Semel semel = Semel.open(home)) {
            for (Shape shape : Shape.values()) {
                semel.admin().createTopic(shape.topic(), 1, shape.configs());
                try (TopicWriter writer = new TopicWriter(semel, shape.topic(), random)) {
                    shape.write(writer, codecs);
                    fillers.put(shape, writer.fillers());
                }
            }
            awaitCompacted(semel);
        }
        // A compacted segment gets its name when the directory is next opened.
        Semel.open(home).close();
        return new JudgedTopics(home, fillers);
    }

    /** Its neighbour got the same records: it is compacted when half of them are gone. What it holds then, it keeps. */
    private static void awaitCompacted(Semel semel) {
        String topic = Shape.COMPACTED.topic();
        Waiting waiting = Waiting.upTo(COMPACTION_LIMIT, "superseded records to go");
        while (describe(semel, topic).sizeInBytes() > describe(semel, Shape.MIXED.topic()).sizeInBytes() / 2) {
            waiting.pause();
        }
        semel.admin().configureTopic(topic, Shape.MIXED.configs());
    }

    private static PartitionDescription describe(Semel semel, String topic) {
        return semel.admin().describeTopic(topic).partitions().get(0);
    }

    Path directory(Shape shape) throws IOException {
        try (Stream<Path> directories = Files.walk(home)) {
            return directories.filter(path -> Files.isDirectory(path)
                    && path.getFileName().toString().startsWith(shape.topic())).findFirst().orElseThrow();
        }
    }

    /** What is to be read of each topic, with what Semel's own reader shows. */
    List<Reading> readings() throws IOException {
        // While they are open, the last of them have blocks of zeros ahead.
        Map<Shape, SegmentFiles> closed = new EnumMap<>(Shape.class);
        for (Shape shape : Shape.values()) {
            closed.put(shape, SegmentFiles.read(directory(shape)));
        }
        List<Reading> readings = new ArrayList<>();
        try (Semel semel = Semel.open(home)) {
            for (Shape shape : Shape.values()) {
                SegmentFiles files = closed.get(shape);
                for (String isolation : new TreeSet<>(ISOLATIONS.keySet())) {
                    for (Start start : starts(describe(semel, shape.topic()), files)) {
                        readings.add(reading(semel, shape.topic(), isolation, start, files));
                    }
                }
            }
        }
        return readings;
    }

    /**
     * The beginning, offsets on and behind fillers, the times of the first record, of a filler and of the last batch.
     */
    private static List<Start> starts(PartitionDescription marks, SegmentFiles files) {
        List<Start> starts = new ArrayList<>(List.of(Start.beginning(marks.start())));
        List<Batch> fillers = files.fillers();
        TreeSet<Long> offsets = new TreeSet<>();
        for (int number = 0; number < Math.min(FILLERS_CHOSEN, fillers.size()); number++) {
            long offset = fillers.get(number * (fillers.size() - 1) / Math.max(1, FILLERS_CHOSEN - 1)).offset();
            offsets.add(offset);
            offsets.add(Math.min(offset + 1, marks.end()));
        }
        offsets.forEach(offset -> starts.add(Start.at(offset)));
        TreeSet<Long> times = new TreeSet<>(List.of(1L, fillers.get(fillers.size() / 2).maxTimestampMs(),
                files.last().maxTimestampMs()));
        times.forEach(time -> starts.add(Start.since(time, files.firstOffsetSince(time))));
        return starts;
    }

    private static Reading reading(Semel semel, String topic, String isolation, Start start, SegmentFiles files) {
        PartitionDescription marks = describe(semel, topic);
        DeliverySemantics semantics = ISOLATIONS.get(isolation);
        long end = semantics == DeliverySemantics.EXACTLY_ONCE ? marks.stable() : marks.end();
        List<ShownRecord> records = new ArrayList<>();
        try (Reader reader = semel.openReader(semantics, topic, 0, start.offset())) {
            while (reader.nextOffset() < end) {
                long before = reader.nextOffset();
                reader.poll(record -> records.add(ShownRecord.of(record)), BATCHES_PER_POLL);
                if (reader.nextOffset() == before) {
                    throw new DifferenceException("Semel's own reader stands at offset " + before + " of " + end
                            + " of topic " + topic + ", " + isolation);
                }
            }
        }
        long fillers = files.fillers().stream().filter(filler -> filler.offset() >= start.offset()).count();
        return new Reading(topic, isolation, start, new Shown(records, end), fillers);
    }
}
