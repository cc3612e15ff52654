package io.semel.verify.rdkafka;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.codec.Codec;
import io.semel.verify.rdkafka.SegmentFiles.Batch;
import io.semel.verify.rdkafka.SegmentFiles.Kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** That librdkafka is given what it is to be judged by; this needs no kcat. */
class JudgedTopicsTest {
    @TempDir
    static Path home;

    private static final Map<Shape, SegmentFiles> FILES = new EnumMap<>(Shape.class);
    private static JudgedTopics topics;
    private static List<Reading> readings;

    @BeforeAll
    static void write() throws Exception {
        topics = JudgedTopics.write(home, List.of(Codec.values()), 1);
        readings = topics.readings();
        for (Shape shape : Shape.values()) {
            FILES.put(shape, SegmentFiles.read(topics.directory(shape)));
        }
    }

    private static List<Kind> kinds(Shape shape) {
        return FILES.get(shape).batches().stream().map(Batch::kind).toList();
    }

    private static Shown fromTheBeginning(Shape shape, String isolation) {
        return readings.stream().filter(reading -> reading.topic().equals(shape.topic())
                && reading.isolation().equals(isolation)).findFirst().orElseThrow().expected();
    }

    @Test
    void everyClaimThatWasGivenUpIsAFiller() {
        for (Shape shape : Shape.values()) {
            long fillers = FILES.get(shape).fillers().size();
            if (shape == Shape.COMPACTED) {
                assertTrue(fillers < topics.fillers().get(shape), "fillers outlive compaction: " + fillers);
            } else {
                assertEquals(topics.fillers().get(shape), fillers, shape::topic);
            }
        }
    }

    @Test
    void fillersStandFirstLastAndInARow() {
        List<Kind> mixed = kinds(Shape.MIXED);
        List<Kind> two = List.of(Kind.FILLER, Kind.FILLER);
        assertEquals(two, mixed.subList(0, 2));
        assertEquals(two, mixed.subList(mixed.size() - 2, mixed.size()));
        assertTrue(FILES.get(Shape.MIXED).segments() > 2, FILES.get(Shape.MIXED)::toString);
        assertEquals(List.of(Kind.FILLER, Kind.FILLER, Kind.FILLER), kinds(Shape.FILLERS_ONLY));
    }

    @Test
    void markersEndTheTopicsThatAreNamedAfterThem() {
        for (Shape shape : List.of(Shape.ENDS_WITH_ABORT, Shape.ENDS_WITH_COMMIT)) {
            assertEquals(Kind.MARKER, FILES.get(shape).last().kind());
            assertTrue(kinds(shape).contains(Kind.FILLER));
        }
    }

    @Test
    void committedReadersAreShownLess() {
        for (Shape shape : List.of(Shape.MIXED, Shape.ENDS_WITH_ABORT, Shape.COMPACTED)) {
            assertNotEquals(fromTheBeginning(shape, "read_uncommitted"), fromTheBeginning(shape, "read_committed"));
        }
        assertEquals(new Shown(List.of(), 3), fromTheBeginning(Shape.FILLERS_ONLY, "read_committed"));
    }

    @Test
    void aTopicIsCompacted() {
        assertTrue(fromTheBeginning(Shape.COMPACTED, "read_uncommitted").records().size() < fromTheBeginning(
                Shape.MIXED, "read_uncommitted").records().size() / 2);
    }
}
