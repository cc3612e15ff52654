package io.semel.transactions.partition;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Append;
import io.semel.log.DirectClaim;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;

import static io.semel.transactions.partition.Isolation.READ_COMMITTED;
import static io.semel.transactions.partition.Isolation.READ_UNCOMMITTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PartitionTest {
    private static final long A = 1;
    private static final long B = 2;

    @TempDir
    Path directory;

    private final TestPartition.Batches batches = new TestPartition.Batches();

    @Test
    void anOpenTransactionHoldsTheStableOffsetAndItsEndLetsGo() throws Exception {
        try (TestPartition test = TestPartition.open(directory)) {
            PartitionWriter a = test.writer(A);
            PartitionWriter plain = test.partition.openWriter();
            TestPartition.append(plain, batches.plain(2));
            assertEquals(2, TestPartition.append(a, batches.transactional(A, 0, 0, 3)));
            TestPartition.append(plain, batches.plain(1));
            assertEquals(2, test.partition.stableOffset());
            assertEquals(6, test.partition.readableOffset());
            assertEquals(List.of(0L), test.read(0, READ_COMMITTED));
            assertEquals(List.of(0L, 2L, 5L), test.read(0, READ_UNCOMMITTED));
            assertEquals(6, test.end(a, ControlType.COMMIT, 0, 2));
            assertEquals(7, test.partition.stableOffset());
            assertEquals(List.of(0L, 2L, 5L), test.read(0, READ_COMMITTED));
        }
    }

    @Test
    void anAbortedTransactionIsHiddenFromCommittedReadersAlone() throws Exception {
        try (TestPartition test = TestPartition.open(directory)) {
            PartitionWriter a = test.writer(A);
            TestPartition.append(a, batches.transactional(A, 0, 0, 1));
            TestPartition.append(a, batches.transactional(A, 0, 1, 1));
            test.end(a, ControlType.ABORT, 0, 0);
            TestPartition.append(a, batches.transactional(A, 0, 2, 1));
            test.end(a, ControlType.COMMIT, 0, 3);
            assertEquals(List.of(3L), test.read(0, READ_COMMITTED));
            assertEquals(List.of(0L, 1L, 3L), test.read(0, READ_UNCOMMITTED));
        }
        try (TestPartition test = TestPartition.open(directory)) {
            assertEquals(List.of(3L), test.read(0, READ_COMMITTED));
            assertEquals(5, test.partition.stableOffset());
        }
    }

    @Test
    void aMarkerThatComesAgainEndsNothing() throws Exception {
        try (TestPartition test = TestPartition.open(directory)) {
            PartitionWriter a = test.writer(A);
            assertEquals(Refusal.NOTHING_TO_END, test.end(a, ControlType.COMMIT, 0, 0));
            TestPartition.append(a, batches.transactional(A, 0, 0, 1));
            assertEquals(1, test.end(a, ControlType.COMMIT, 0, 0));
            assertEquals(Refusal.NOTHING_TO_END, test.end(a, ControlType.COMMIT, 0, 0));
            assertEquals(Refusal.NOTHING_TO_END, test.end(a, ControlType.ABORT, 0, 0));
            assertEquals(2, test.partition.readableOffset());
        }
    }

    /** T7: a late marker of an earlier transaction touches no later one. */
    @Test
    void aMarkerForAnEarlierTransactionLeavesALaterOneOpen() throws Exception {
        try (TestPartition test = TestPartition.open(directory)) {
            PartitionWriter a = test.writer(A);
            TestPartition.append(a, batches.transactional(A, 0, 0, 1));
            test.end(a, ControlType.COMMIT, 0, 0);
            assertEquals(2, TestPartition.append(a, batches.transactional(A, 0, 1, 1)));
            assertEquals(Refusal.NOTHING_TO_END, test.end(a, ControlType.ABORT, 0, 0));
            assertEquals(2, test.partition.stableOffset());
            assertEquals(3, test.end(a, ControlType.COMMIT, 0, 2));
            assertEquals(List.of(0L, 2L), test.read(0, READ_COMMITTED));
        }
    }

    /** T6: what an older instance left open must not be committed by the newer one. */
    @Test
    void aNewEpochWaitsUntilTheOldTransactionIsEnded() throws Exception {
        try (TestPartition test = TestPartition.open(directory)) {
            PartitionWriter old = test.writer(A);
            TestPartition.append(old, batches.transactional(A, 0, 0, 1));
            test.ids.find(A).raise((short) 1, "a newer instance");
            PartitionWriter young = test.partition.openWriter(A);
            assertEquals(Append.BACK_PRESSURED, young.append(batches.transactional(A, 1, 0, 1)));
            assertEquals(Refusal.FENCED, old.append(batches.transactional(A, 0, 1, 1)));
            assertEquals(1, test.end(young, ControlType.ABORT, 1, 0));
            assertEquals(2, young.append(batches.transactional(A, 1, 0, 1)));
            test.end(young, ControlType.COMMIT, 1, 2);
            assertEquals(List.of(2L), test.read(0, READ_COMMITTED));
        }
    }

    @Test
    void duplicateReturnsTheOriginalOffset() throws Exception {
        try (TestPartition test = TestPartition.open(directory)) {
            PartitionWriter a = test.writer(A);
            for (int batch = 0; batch < 7; batch++) {
                assertEquals(batch * 2, TestPartition.append(a, batches.of(A, 0, batch * 2, 2)));
            }
            assertEquals(4, TestPartition.append(a, batches.of(A, 0, 4, 2)));
            assertEquals(12, TestPartition.append(a, batches.of(A, 0, 12, 2)));
            assertEquals(Refusal.DUPLICATE_FORGOTTEN, TestPartition.append(a, batches.of(A, 0, 2, 2)));
            assertEquals(Refusal.GAP, TestPartition.append(a, batches.of(A, 0, 15, 2)));
            assertEquals(14, test.partition.readableOffset());
        }
        try (TestPartition test = TestPartition.open(directory)) {
            PartitionWriter a = test.writer(A);
            assertEquals(4, TestPartition.append(a, batches.of(A, 0, 4, 2)));
            assertEquals(Refusal.DUPLICATE_FORGOTTEN, TestPartition.append(a, batches.of(A, 0, 2, 2)));
            assertEquals(14, TestPartition.append(a, batches.of(A, 0, 14, 2)));
        }
    }

    @Test
    void whatIsNotThisWritersDataIsRefusedAtTheDoor() throws Exception {
        try (TestPartition test = TestPartition.open(directory)) {
            PartitionWriter a = test.writer(A);
            PartitionWriter plain = test.partition.openWriter();
            ByteBuffer marker = new ControlBatches().endTransaction(ControlType.COMMIT, A, (short) 0, 0, 1);
            List<ByteBuffer> bad = List.of(marker, copy(batches.of(B, 0, 0, 1)),
                    copy(batches.transactional(-1, -1, -1, 1)), ByteBuffer.allocate(5));
            for (ByteBuffer batch : bad) {
                assertThrows(IllegalArgumentException.class, () -> a.append(batch));
                assertThrows(IllegalArgumentException.class, () -> plain.append(batch));
            }
            assertNull(test.partition.openWriter(4711));
            assertEquals(0, test.partition.readableOffset());
            assertEquals(0, a.append(batches.transactional(A, 0, 0, 1)));
        }
    }

    private static ByteBuffer copy(ByteBuffer batch) {
        return ByteBuffer.allocate(batch.remaining()).put(0, batch, 0, batch.remaining());
    }

    /** I1: a claim that is refused leaves no trace, so the same batch is admitted later and not called a gap. */
    @Test
    void aClosedPartitionRefusesWithoutChangingTheProducer() throws Exception {
        TestPartition test = TestPartition.open(directory);
        PartitionWriter a = test.writer(A);
        TestPartition.append(a, batches.transactional(A, 0, 0, 1));
        String before = a.producer().toString();
        test.close();
        assertEquals(Append.CLOSED, TestPartition.append(a, batches.transactional(A, 0, 1, 1)));
        assertEquals(Append.CLOSED, test.end(a, ControlType.COMMIT, 0, 0));
        assertEquals(before, a.producer().toString());
    }

    @Test
    void aClaimThatStaysOpenIsReportedByItsAgeAndOnlyOnce() throws Exception {
        try (TestPartition test = TestPartition.open(directory)) {
            DirectClaim claim = new DirectClaim(test.partition.log());
            assertTrue(claim.tryClaim(null, 8, 1_000) >= 0);
            assertFalse(test.partition.reportHeldBack(1_000 + Partition.CLAIM_REPORT_AGE_MS - 1));
            assertTrue(test.partition.reportHeldBack(1_000 + Partition.CLAIM_REPORT_AGE_MS));
            assertFalse(test.partition.reportHeldBack(1_001 + Partition.CLAIM_REPORT_AGE_MS));
            claim.abort();
            assertFalse(test.partition.reportHeldBack(Long.MAX_VALUE / 2));
        }
    }
}
