package io.semel.log;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Records that are written in place, and the fillers of those that are not. */
@Timeout(60)
class DirectClaimTest {
    private static final byte[] KEY = {1, 2, 3, 4};

    @TempDir
    Path directory;

    private final TestBatches batches = new TestBatches();

    private static List<String> readAll(Log log) {
        List<String> read = new ArrayList<>();
        RecordCursor record = new RecordCursor();
        try (LogReader reader = log.openReader()) {
            while (reader.next(log.readablePosition())) {
                RecordBatchView batch = reader.batch();
                assertTrue(batch.isCrcValid());
                record.wrap(batch);
                while (record.next()) {
                    read.add(batch.isControl() ? "filler" : new String(record.copyValue()));
                }
            }
        }
        return read;
    }

    private static long write(DirectClaim claim, String value) {
        long offset = claim.tryClaim(KEY, value.length(), 42);
        claim.value().put(value.getBytes());
        claim.commit();
        return offset;
    }

    @Test
    void whatIsWrittenInPlaceIsReadAsAnyRecord() throws Exception {
        try (Log log = Logs.open(directory)) {
            DirectClaim claim = new DirectClaim(log);
            assertEquals(0, write(claim, "first"));
            assertEquals(1, write(claim, ""));
            assertEquals(2, write(claim, "x".repeat(5000)));
            assertEquals(List.of("first", "", "x".repeat(5000)), readAll(log));
        }
        try (Log again = Logs.open(directory)) {
            assertEquals(3, readAll(again).size());
        }
    }

    @Test
    void nothingBehindAnOpenClaimIsShownAndItIsTheOldest() throws Exception {
        try (Log log = Logs.open(directory)) {
            DirectClaim claim = new DirectClaim(log);
            assertEquals(0, claim.tryClaim(null, 10, 1));
            Logs.append(log, new Claim(), batches.batchOfSize(1, 200));
            assertEquals(0, log.frontierOffset());
            assertEquals(claim, log.oldestDirectClaim());
            claim.value().put(new byte[10]);
            assertEquals(1, claim.commit());
            assertEquals(2, log.frontierOffset());
            assertEquals(null, log.oldestDirectClaim());
        }
    }

    @Test
    void anAbortedClaimOfEveryLengthLeavesAFillerThatKafkaSkips() throws Exception {
        LogConfig large = Logs.SMALL.withSegmentBytes(1 << 20);
        int claims = 0;
        try (Log log = Log.open(io.semel.log.memory.FileDisk.instance(), directory, large, Logs.NOTHING)) {
            DirectClaim claim = new DirectClaim(log);
            for (int length = 0; length <= 140; length++) {
                assertEquals(claims++, tryAgain(log, claim, length));
                claim.abort();
            }
            for (int length = 8150; length <= 8200; length++) {
                assertEquals(claims++, tryAgain(log, claim, length));
                claim.value().putInt(7);
                claim.abort();
            }
            assertEquals(claims++, write(claim, "last"));
            List<String> read = readAll(log);
            assertEquals(claims, read.size());
            assertEquals(claims - 1, read.stream().filter("filler"::equals).count());
        }
        Path file = Logs.files(directory, ".log").get(0);
        List<Long> shown = new ArrayList<>();
        try (FileRecords records = FileRecords.open(file.toFile())) {
            for (RecordBatch batch : records.batches()) {
                batch.ensureValid();
                for (Record record : batch) {
                    if (batch.isControlBatch()) {
                        // librdkafka can't read past a control key of another length.
                        assertEquals(4, record.keySize());
                    } else {
                        shown.add(record.offset());
                    }
                }
            }
        }
        assertEquals(List.of((long) claims - 1), shown);
    }

    private static long tryAgain(Log log, DirectClaim claim, int valueLength) {
        long code = claim.tryClaim(KEY, valueLength, 42);
        while (code == Append.BACK_PRESSURED) {
            log.doWork();
            code = claim.tryClaim(KEY, valueLength, 42);
        }
        return code;
    }

    @Test
    void aValueThatNoFillerCouldReplaceIsRefused() throws Exception {
        try (Log log = Logs.open(directory)) {
            DirectClaim claim = new DirectClaim(log);
            String message = assertThrows(IllegalArgumentException.class, () -> claim.tryClaim(null, 3, 1))
                    .getMessage();
            assertTrue(message.contains("at least 4 bytes"), message);
            assertThrows(IllegalArgumentException.class, () -> claim.tryClaim(null, 70_000, 1));
            assertThrows(IllegalArgumentException.class, () -> claim.tryClaim(null, Integer.MAX_VALUE, 1));
            assertFalse(claim.isOpen());
            assertEquals(0, claim.tryClaim(null, 4, 1));
            claim.abort();
        }
    }

    @Test
    void claimsAreLimitedAndAPlaceIsGivenBack() throws Exception {
        try (Log log = Logs.open(directory)) {
            List<DirectClaim> open = new ArrayList<>();
            for (int count = 0; count < DirectClaims.MAX_OPEN; count++) {
                DirectClaim claim = new DirectClaim(log);
                assertEquals(count, claim.tryClaim(KEY, 0, count));
                open.add(claim);
            }
            DirectClaim more = new DirectClaim(log);
            assertEquals(Append.TOO_MANY_CLAIMS, more.tryClaim(KEY, 0, 1));
            open.get(7).abort();
            assertTrue(more.tryClaim(KEY, 0, 1) >= 0);
            more.commit();
            open.forEach(DirectClaim::abort);
            assertEquals(DirectClaims.MAX_OPEN + 1, log.frontierOffset());
        }
    }

    @Test
    void theWindowOfAnEndedClaimTakesNothingMore() throws Exception {
        try (Log log = Logs.open(directory)) {
            DirectClaim claim = new DirectClaim(log);
            claim.tryClaim(KEY, 8, 1);
            ByteBuffer window = claim.value();
            window.putLong(1);
            assertThrows(java.nio.BufferOverflowException.class, () -> window.put((byte) 1));
            claim.commit();
            assertThrows(java.nio.BufferOverflowException.class, () -> window.put((byte) 1));
            assertThrows(IllegalStateException.class, claim::commit);
            claim.abort();
        }
    }

    @Test
    void closingOverAnOpenClaimEndsAndLosesNothingThatWasAcknowledged() throws Exception {
        Log log = Logs.open(directory);
        Logs.append(log, new Claim(), batches.batchOfSize(0, 200));
        DirectClaim claim = new DirectClaim(log);
        assertEquals(1, claim.tryClaim(KEY, 8, 1));
        Logs.append(log, new Claim(), batches.batchOfSize(2, 200));
        log.close();
        claim.value().putLong(7);
        claim.commit();
        try (Log again = Logs.open(directory)) {
            long end = again.frontierOffset();
            assertTrue(end == 1 || end == 3, "cut at the claim, or its late commit came through: " + end);
        }
    }

    @Test
    void aKilledProcessLeavesATornTailWhereItsClaimWasOpen() throws Exception {
        Path killed;
        try (Log log = Logs.open(directory.resolve("a"))) {
            Logs.append(log, new Claim(), batches.batchOfSize(0, 200));
            DirectClaim claim = new DirectClaim(log);
            claim.tryClaim(KEY, 8, 1);
            Logs.append(log, new Claim(), batches.batchOfSize(2, 200));
            killed = Logs.killedCopy(directory.resolve("a"), directory.resolve("b"));
            claim.abort();
        }
        try (Log again = Logs.open(killed)) {
            assertEquals(1, again.frontierOffset());
            assertEquals(1, again.leaderEpoch());
        }
    }
}
