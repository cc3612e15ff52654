package io.semel.verify.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.ControlType;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's own dump tool judges the closed segments that Semel writes. */
class KafkaDumpTest {
    private static final int CRC_POSITION = 17;

    @TempDir
    static Path home;

    private static SemelPartition written;
    private static SeenPartition seen;

    @BeforeAll
    static void writeAPartition() throws Exception {
        written = SemelPartition.write(home);
        seen = SeenPartition.read(written.directory());
        assertTrue(seen.segments().size() > 4, seen.segments()::toString);
    }

    private static long count(List<String> lines, String part) {
        return lines.stream().filter(line -> line.contains(part)).count();
    }

    @Test
    void everyBatchAndRecordOfEverySegmentIsSound() throws Exception {
        List<String> lines = KafkaDump.dump(seen.segments());
        assertEquals(seen.batches().size(), count(lines, "isvalid: true"));
        assertEquals(0, count(lines, "isvalid: false"));
        assertEquals(seen.segments().size(), count(lines, "Dumping "));
        assertEquals(written.uncommitted().stream().filter(record -> record.value() != null).count(),
                count(lines, " payload: "));
        assertEquals(seen.count(ControlType.COMMIT), count(lines, "endTxnMarker: COMMIT"));
        assertEquals(seen.count(ControlType.ABORT), count(lines, "endTxnMarker: ABORT"));
        assertEquals(0, count(lines, "Mismatches in"));
        // Of every segment but the first the tool says that its first record follows -1: there it begins to count.
        assertEquals(count(lines, " -1 is followed by "), count(lines, " is followed by "));
    }

    @Test
    void everyOffsetIndexPointsAtTheBatchesThatItNames() throws Exception {
        assertNothingWrongWith(".index");
    }

    @Test
    void everyTimeIndexKnowsHowYoungTheBatchesAre() throws Exception {
        assertNothingWrongWith(".timeindex");
    }

    private static void assertNothingWrongWith(String ending) throws Exception {
        List<Path> indexes = SeenPartition.filesOf(written.directory(), ending);
        assertTrue(indexes.size() >= seen.segments().size() - 1, indexes::toString);
        List<String> lines = KafkaDump.verifyIndexes(indexes);
        assertEquals(indexes.size(), count(lines, "Dumping "));
        assertEquals(List.of(), lines.stream().filter(line -> !line.startsWith("Dumping ")).toList());
    }

    /** The judge can tell: otherwise his silence would prove nothing. */
    @Test
    void aFalseCrcAndAFalseIndexEntryAreReported(@TempDir Path damaged) throws Exception {
        Path segment = damaged.resolve(seen.segments().get(0).getFileName());
        Path index = damaged.resolve(segment.getFileName().toString().replace(".log", ".index"));
        Files.copy(seen.segments().get(0), segment);
        Files.copy(seen.segments().get(0).resolveSibling(index.getFileName()), index);
        flip(segment, CRC_POSITION);
        flip(index, (int) Files.size(index) - 1);
        assertEquals(1, count(KafkaDump.dump(List.of(segment)), "isvalid: false"));
        assertThrows(IllegalStateException.class, () -> KafkaDump.verifyIndexes(List.of(index)));
    }

    private static void flip(Path file, int position) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 1;
        Files.write(file, bytes);
    }
}
