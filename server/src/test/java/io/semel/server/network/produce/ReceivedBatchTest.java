package io.semel.server.network.produce;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionConfig;
import io.semel.log.LogConfig;
import io.semel.log.batch.Crc32c;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.wire.protocol.Errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a client may write, and which code it is told otherwise: as Kafka's broker has it. */
class ReceivedBatchTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final short NEWEST = 13;
    private static final LogConfig CONFIG = LogConfig.DEFAULT;

    private final ReceivedBatch received = new ReceivedBatch();

    private static SimpleRecord[] records(int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int index = 0; index < count; index++) {
            Header[] headers = index % 3 == 0
                    ? new Header[] {new RecordHeader("h", null), new RecordHeader("g", bytes("x"))}
                    : new Header[0];
            records[index] = new SimpleRecord(NOW_MS + index, index % 2 == 0 ? null : bytes("k" + index), bytes("value "
                    + index), headers);
        }
        return records;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer batch(CompressionType codec, int count) {
        return copy(MemoryRecords.withRecords(Compression.of(codec).build(), records(count)));
    }

    private static ByteBuffer copy(MemoryRecords records) {
        return ByteBuffer.allocate(records.sizeInBytes()).put(records.buffer()).flip();
    }

    /** Makes the CRC hold again: whoever wants harm computes it. */
    private static ByteBuffer sealed(ByteBuffer batch) {
        int at = RecordBatchLayout.ATTRIBUTES_POSITION;
        return batch.putInt(RecordBatchLayout.CRC_POSITION, Crc32c.compute(batch, at, batch.limit() - at));
    }

    private Rejection judge(ByteBuffer batch) {
        return judge(batch, NEWEST, CONFIG);
    }

    private Rejection judge(ByteBuffer batch, short version, LogConfig config) {
        return received.judge(batch, 0, batch.limit(), version, config, NOW_MS);
    }

    private void assertRefused(Errors error, ByteBuffer batch) {
        Rejection judged = judge(batch);
        assertEquals(error, judged.error(), judged.message());
        assertFalse(judged.message().isEmpty());
    }

    @Test
    void aSoundBatchOfEveryCodecPasses() {
        for (CompressionType codec : CompressionType.values()) {
            assertTrue(judge(batch(codec, 10)).isNone(), codec.name);
        }
    }

    @Test
    void nothingAtAllAndAHeadAloneAreNoBatch() {
        assertRefused(Errors.INVALID_RECORD, ByteBuffer.allocate(0));
        assertRefused(Errors.INVALID_RECORD, batch(CompressionType.NONE, 1).limit(12));
    }

    @Test
    void aBatchThatIsCutOffIsRefusedWhereverItIsCut() {
        ByteBuffer whole = batch(CompressionType.NONE, 3);
        for (int length = 0; length < whole.capacity(); length++) {
            assertRefused(Errors.INVALID_RECORD, whole.limit(length));
        }
    }

    @Test
    void aSecondBatchIsRefused() {
        ByteBuffer one = batch(CompressionType.NONE, 1);
        ByteBuffer two = ByteBuffer.allocate(2 * one.limit()).put(one.duplicate()).put(one.duplicate()).flip();
        assertRefused(Errors.INVALID_RECORD, two);
        assertRefused(Errors.INVALID_RECORD, two.limit(one.limit() + 1));
    }

    @Test
    void olderMagicsAreInvalidAndUnknownOnesCorrupt() {
        for (byte magic : new byte[] {0, 1}) {
            assertRefused(Errors.INVALID_RECORD, batch(CompressionType.NONE, 1).put(RecordBatchLayout.MAGIC_POSITION,
                    magic));
        }
        for (byte magic : new byte[] {-1, 3, 127}) {
            assertRefused(Errors.CORRUPT_MESSAGE, batch(CompressionType.NONE, 1).put(RecordBatchLayout.MAGIC_POSITION,
                    magic));
        }
    }

    @Test
    void aLengthThatCannotBeIsCorrupt() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 13, 14, 48}) {
            ByteBuffer batch = batch(CompressionType.NONE, 1).putInt(RecordBatchLayout.LENGTH_POSITION, length);
            assertRefused(Errors.CORRUPT_MESSAGE, batch.limit(Math.max(17, RecordBatchLayout.LOG_OVERHEAD + Math.max(
                    length, 6))));
        }
        assertRefused(Errors.INVALID_RECORD, batch(CompressionType.NONE, 1).putInt(RecordBatchLayout.LENGTH_POSITION,
                Integer.MAX_VALUE));
    }

    @Test
    void aWrongCrcIsCorrupt() {
        ByteBuffer batch = batch(CompressionType.NONE, 2);
        assertRefused(Errors.CORRUPT_MESSAGE, batch.put(batch.limit() - 1, (byte) ~batch.get(batch.limit() - 1)));
    }

    @Test
    void moreThanTheTopicTakesIsTooLarge() {
        ByteBuffer batch = batch(CompressionType.NONE, 100);
        LogConfig exact = config(batch.limit(), CompactionConfig.DEFAULT);
        assertTrue(judge(batch, NEWEST, exact).isNone());
        assertEquals(Errors.MESSAGE_TOO_LARGE, judge(batch, NEWEST, config(batch.limit() - 1, CompactionConfig.DEFAULT))
                .error());
    }

    private static LogConfig config(int maxBatchBytes, CompactionConfig compaction) {
        return new LogConfig(CONFIG.segmentBytes(), maxBatchBytes, CONFIG.indexIntervalBytes(), CONFIG.durability(),
                CONFIG.retention(), compaction, CONFIG.preallocation());
    }

    @Test
    void zstdNeedsAVersionThatKnowsIt() {
        ByteBuffer batch = batch(CompressionType.ZSTD, 2);
        assertTrue(judge(batch, (short) 7, CONFIG).isNone());
        assertEquals(Errors.UNSUPPORTED_COMPRESSION_TYPE, judge(batch, (short) 6, CONFIG).error());
    }

    @Test
    void aCodecThatNobodyKnowsIsUnsupported() {
        for (int codec = 5; codec <= 7; codec++) {
            ByteBuffer batch = batch(CompressionType.NONE, 1);
            assertRefused(Errors.UNSUPPORTED_COMPRESSION_TYPE, sealed(batch.putShort(
                    RecordBatchLayout.ATTRIBUTES_POSITION, (short) codec)));
        }
    }

    @Test
    void aBaseOffsetOfTheClientIsRefused() {
        assertRefused(Errors.INVALID_RECORD, batch(CompressionType.NONE, 1).putLong(0, 5));
    }

    @Test
    void countsThatLieAreInvalid() {
        for (CompressionType codec : CompressionType.values()) {
            for (int count : new int[] {-1, 0, 2, 4, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertRefused(Errors.INVALID_RECORD, sealed(batch(codec, 3).putInt(
                        RecordBatchLayout.RECORD_COUNT_POSITION, count)));
                assertRefused(Errors.INVALID_RECORD, sealed(batch(codec, 3).putInt(
                        RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, count - 1)));
                assertRefused(Errors.INVALID_RECORD, sealed(batch(codec, 3).putInt(
                        RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, count - 1).putInt(
                                RecordBatchLayout.RECORD_COUNT_POSITION, count)));
            }
        }
    }

    @Test
    void controlBatchesAreForTheServer() {
        ByteBuffer marker = copy(MemoryRecords.withEndTransactionMarker(NOW_MS, 5L, (short) 0, new EndTransactionMarker(
                ControlRecordType.COMMIT, 0)));
        assertRefused(Errors.INVALID_RECORD, sealed(marker.putLong(0, 0)));
    }

    @Test
    void attributesThatAreTheServersAreRefused() {
        assertRefused(Errors.INVALID_RECORD, sealed(batch(CompressionType.NONE, 1).putShort(
                RecordBatchLayout.ATTRIBUTES_POSITION, (short) RecordBatchLayout.DELETE_HORIZON_BIT)));
        assertRefused(Errors.INVALID_TIMESTAMP, sealed(batch(CompressionType.NONE, 1).putShort(
                RecordBatchLayout.ATTRIBUTES_POSITION, (short) RecordBatchLayout.TIMESTAMP_TYPE_BIT)));
    }

    @Test
    void aProducerIsNamedInFullOrNotAtAll() {
        assertTrue(judge(idempotent()).isNone());
        assertRefused(Errors.INVALID_RECORD, sealed(idempotent().putInt(RecordBatchLayout.BASE_SEQUENCE_POSITION, -1)));
        assertRefused(Errors.INVALID_RECORD, sealed(idempotent().putShort(RecordBatchLayout.PRODUCER_EPOCH_POSITION,
                (short) -1)));
        assertRefused(Errors.INVALID_RECORD, sealed(batch(CompressionType.NONE, 1).putLong(
                RecordBatchLayout.PRODUCER_ID_POSITION, -2)));
        assertRefused(Errors.INVALID_RECORD, sealed(batch(CompressionType.NONE, 1).putShort(
                RecordBatchLayout.ATTRIBUTES_POSITION, (short) RecordBatchLayout.TRANSACTIONAL_BIT)));
    }

    private static ByteBuffer idempotent() {
        return copy(MemoryRecords.withIdempotentRecords(Compression.NONE, 5, (short) 0, 0, records(1)));
    }

    @Test
    void recordsWithoutKeysAreNamedToWhoWritesToACompactedTopic() {
        CompactionConfig none = CompactionConfig.DEFAULT;
        CompactionConfig compacting = new CompactionConfig(CleanupPolicy.COMPACT, none.deleteRetentionMs(), none
                .minCompactionLagMs(), none.maxCompactionLagMs(), none.minCleanableDirtyRatio());
        LogConfig config = config(CONFIG.maxBatchBytes(), compacting);
        for (CompressionType codec : CompressionType.values()) {
            Rejection judged = judge(batch(codec, 5), NEWEST, config);
            assertEquals(Errors.INVALID_RECORD, judged.error());
            assertEquals(List.of(0, 2, 4), judged.records().stream().map(Rejection.RecordError::index)
                    .toList());
        }
        assertEquals(ReceivedBatch.MAX_NAMED, judge(batch(CompressionType.NONE, 1000), NEWEST, config).records()
                .size());
        assertTrue(judge(copy(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(NOW_MS, bytes("k"), null))),
                NEWEST, config).isNone());
    }

    @Test
    void recordsOfTheFarFutureAreRefusedAndThoseWithoutATimeAreNot() {
        SimpleRecord soon = new SimpleRecord(NOW_MS + ReceivedBatch.MAX_AHEAD_MS, null, bytes("v"));
        SimpleRecord later = new SimpleRecord(NOW_MS + ReceivedBatch.MAX_AHEAD_MS + 1, null, bytes("v"));
        assertTrue(judge(copy(MemoryRecords.withRecords(Compression.NONE, soon))).isNone());
        Rejection judged = judge(copy(MemoryRecords.withRecords(Compression.NONE, soon, later)));
        assertEquals(Errors.INVALID_TIMESTAMP, judged.error());
        assertEquals(1, judged.records().get(0).index());
        assertTrue(judge(copy(MemoryRecords.withRecords(RecordBatchLayout.MAGIC, 0, Compression.NONE,
                TimestampType.CREATE_TIME, new SimpleRecord(-1, null, bytes("v"))))).isNone());
    }

    @Test
    void aNewestTimestampThatIsNotTheNewestIsPutRight() {
        for (CompressionType codec : CompressionType.values()) {
            ByteBuffer batch = sealed(batch(codec, 7).putLong(RecordBatchLayout.MAX_TIMESTAMP_POSITION, 12));
            assertTrue(judge(batch).isNone());
            RecordBatchView view = new RecordBatchView().wrap(batch, 0);
            assertEquals(NOW_MS + 6, view.maxTimestamp());
            assertTrue(view.isCrcValid());
        }
    }

    /** Whatever passes can be read to its end; whatever does not, is told why. */
    @Test
    void changedBytesUnderAValidCrcPassOnlyIfTheyAreSound() {
        Random random = new Random(5);
        int passed = 0;
        for (int round = 0; round < 40_000; round++) {
            CompressionType codec = CompressionType.forId(random.nextInt(5));
            ByteBuffer batch = batch(codec, 1 + random.nextInt(4));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = RecordBatchLayout.ATTRIBUTES_POSITION + random.nextInt(batch.limit()
                        - RecordBatchLayout.ATTRIBUTES_POSITION);
                batch.put(at, (byte) random.nextInt());
            }
            Rejection judged = judge(sealed(batch));
            if (judged.isNone()) {
                passed++;
                assertSound(batch);
            } else {
                assertFalse(judged.message().isEmpty());
            }
        }
        assertTrue(passed > 100, "passed: " + passed);
    }

    private static void assertSound(ByteBuffer batch) {
        RecordBatchView view = new RecordBatchView().wrap(batch, 0);
        RecordCursor cursor = new RecordCursor().wrap(view);
        int count = 0;
        long newestMs = -1;
        while (cursor.next()) {
            assertEquals(count++, cursor.offset());
            newestMs = Math.max(newestMs, cursor.timestamp());
        }
        assertEquals(view.recordCount(), count);
        assertEquals(newestMs, view.maxTimestamp());
        assertTrue(view.isCrcValid() && !view.isControl() && newestMs <= NOW_MS + ReceivedBatch.MAX_AHEAD_MS);
    }
}
