package io.semel.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordCursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A handler that moves its reader still has the record that it was shown: its segment is unmapped no sooner (L6, L7).
 */
@Timeout(60)
class ReaderMovesTest {
    private static final int RECORDS = 3000;
    private static final int RECORDS_A_BATCH = 100;
    private static final long LOOKED_FOR_NS = 50_000_000;

    @TempDir
    Path directory;

    private Semel semel;
    private Reader reader;

    /** The reader leases the first segment in the mapping of its appender, and nobody else does any more. */
    @BeforeEach
    void standInAMappingThatEverybodyElseHasLeft() throws Exception {
        semel = Semel.open(directory);
        semel.admin().createTopic("orders", 1, Map.of("segment.bytes", "65536", "max.message.bytes", "65536"));
        Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
        reader = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, "orders", 0, 0);
        byte[] value = new byte[100];
        for (int number = 0; number < RECORDS; number++) {
            value[0] = (byte) number;
            appender.append(null, value);
            if (number % RECORDS_A_BATCH == RECORDS_A_BATCH - 1) {
                appender.flush();
            }
        }
        appender.awaitAcknowledged();
        while (count(".index") < count(".log") - 1) {
            assertFalse(Thread.interrupted(), "a segment is not finished");
            Thread.yield();
        }
    }

    private int count(String suffix) {
        return directory.resolve("orders-0").toFile().list((where, name) -> name.endsWith(suffix)).length;
    }

    @AfterEach
    void close() throws Exception {
        semel.close();
    }

    private static int number(RecordCursor record) {
        return record.buffer().get(record.valuePosition()) & 0xFF;
    }

    /** Offsets that one poll shows whose first handler moves the reader and then looks at its record again. */
    private List<Long> seenWhenTheFirst(Consumer<Reader> move) {
        List<Long> seen = new ArrayList<>();
        reader.poll(record -> {
            seen.add(record.offset());
            if (seen.size() == 1) {
                int before = number(record);
                long mappings = semel.budget().mappings().held();
                move.accept(reader);
                // The flusher would let go of what nobody leases within a fraction of this.
                long lookedFromNs = System.nanoTime();
                while (System.nanoTime() - lookedFromNs < LOOKED_FOR_NS) {
                    assertTrue(semel.budget().mappings().held() >= mappings);
                }
                assertEquals(before, number(record));
            }
        }, 1);
        return seen;
    }

    @Test
    void aSeekEndsTheBatchAndIsHeeded() {
        assertEquals(List.of(0L), seenWhenTheFirst(moved -> moved.seek(RECORDS - 1)));
        assertEquals(RECORDS - 1, reader.nextOffset());
        assertEquals(1, reader.poll(record -> assertEquals(RECORDS - 1, record.offset()), Integer.MAX_VALUE));
    }

    @Test
    void aCloseEndsTheBatch() {
        assertEquals(List.of(0L), seenWhenTheFirst(Reader::close));
        assertThrows(IllegalStateException.class, () -> reader.poll(record -> {
        }, 1));
    }

    @Test
    void aPollWithinAPollIsRefusedAndLosesNothing() {
        List<Long> seen = new ArrayList<>();
        reader.poll(record -> {
            seen.add(record.offset());
            assertThrows(IllegalStateException.class, () -> reader.poll(inner -> seen.add(-1L), 1));
            assertThrows(IllegalStateException.class, () -> reader.pollBatches(inner -> seen.add(-1L), 1));
        }, 1);
        assertEquals(LongStream.range(0, RECORDS_A_BATCH).boxed().toList(), seen);
        assertEquals(RECORDS_A_BATCH, reader.nextOffset());
    }

    @Test
    void aFilterThatIsSetByAHandlerHoldsFromTheNextRecordOn() {
        List<Long> seen = new ArrayList<>();
        reader.poll(record -> {
            seen.add(record.offset());
            reader.filter(wanted -> wanted.offset() >= RECORDS_A_BATCH - 1);
        }, 1);
        assertEquals(List.of(0L, RECORDS_A_BATCH - 1L), seen);
    }

    @Test
    void whatWasMovedFromCannotBeRetained() {
        seenWhenTheFirst(moved -> {
            moved.seek(RECORDS - 1);
            assertThrows(IllegalStateException.class, moved::retain);
        });
    }

    @Test
    void wholeBatchesMayBeLeftToo() {
        List<Long> seen = new ArrayList<>();
        reader.pollBatches(batch -> {
            seen.add(batch.baseOffset());
            reader.seek(RECORDS - RECORDS_A_BATCH);
        }, 1);
        assertEquals(List.of(0L), seen);
        assertEquals(RECORDS - RECORDS_A_BATCH, reader.nextOffset());
    }
}
