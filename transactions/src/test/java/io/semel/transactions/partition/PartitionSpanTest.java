package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import io.semel.log.TailWaiter;
import io.semel.log.batch.ControlType;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** T9 for whoever filters himself: bytes and list together are what a brute-force filter leaves. */
class PartitionSpanTest {
    private static final int NOTHING_FITS = 1;

    @TempDir
    Path directory;

    @Property(tries = 40)
    void whatAClientFiltersIsWhatABruteForceFilterLeaves(
            @ForAll @Size(min = 1, max = 150) List<@IntRange(max = 9999) Integer> choices,
            @ForAll @IntRange(min = NOTHING_FITS, max = 100_000) int maxBytes) throws IOException {
        Path home = Files.createTempDirectory("semel-spans");
        try {
            IsolationHistory history = new IsolationHistory();
            for (int life = 1; life <= 2; life++) {
                try (TestPartition test = TestPartition.open(home)) {
                    for (int choice : choices) {
                        history.step(test, choice / life);
                    }
                    history.expect(test, new FilteringClient(test.partition, maxBytes)::read);
                    history.expect(test, new FilteringClient(test.partition, NOTHING_FITS)::read);
                }
            }
        } finally {
            FileDisk.instance().delete(home);
        }
    }

    /** Row 13 (redpanda 7819): list and data must fit at a segment's seam. */
    @Test
    void anAbortedTransactionIsListedInEverySegmentThatItTouches() throws IOException {
        IsolationHistory history = new IsolationHistory();
        try (TestPartition test = TestPartition.open(directory)) {
            for (int round = 0; round < 60; round++) {
                for (int producer = 0; producer < IsolationHistory.PRODUCERS; producer++) {
                    history.write(test, producer, 1 + round % 5);
                }
                if (round % 9 == 8) {
                    history.end(test, 1, ControlType.ABORT, 0);
                }
            }
            history.end(test, 2, ControlType.ABORT, 0);
            history.end(test, 3, ControlType.ABORT, 0);
            history.end(test, 0, ControlType.COMMIT, 0);
            for (int maxBytes : new int[] {NOTHING_FITS, 5_000, 64 << 10, Integer.MAX_VALUE}) {
                history.expect(test, new FilteringClient(test.partition, maxBytes)::read);
            }
        }
    }

    @Test
    void aBatchThatIsTooLargeIsGivenOnlyToWhoeverMustHaveOne() throws IOException {
        try (TestPartition test = TestPartition.open(directory)) {
            TestPartition.append(test.partition.openWriter(), new TestPartition.Batches().plain(3));
            PartitionSpan none = test.partition.span(0, NOTHING_FITS, PartitionSpan.Least.NOTHING,
                    Isolation.READ_UNCOMMITTED);
            assertTrue(none.isEmpty());
            assertSame(PartitionSpan.Rest.SOMETHING, none.rest());
            PartitionSpan one = test.partition.span(2, NOTHING_FITS, PartitionSpan.Least.ONE_BATCH,
                    Isolation.READ_UNCOMMITTED);
            assertEquals(3, one.nextOffset());
            assertSame(PartitionSpan.Rest.NOTHING, one.rest());
            one.release();
        }
    }

    @Test
    void aSpanKeepsItsBytesMappedWhateverBecomesOfThePartition() throws IOException {
        PartitionSpan span;
        try (TestPartition test = TestPartition.open(directory)) {
            TestPartition.append(test.partition.openWriter(), new TestPartition.Batches().plain(3));
            span = test.partition.span(0, 1000, PartitionSpan.Least.NOTHING, Isolation.READ_UNCOMMITTED);
        }
        Region region = span.region();
        assertEquals(1, region.leases());
        assertEquals(2, span.buffer().get(span.position() + 16), "the batch's magic");
        span.release();
        assertTrue(region.isReleased());
    }

    @Test
    void whoLeavesTheTailIsNotWokenAndTheOthersAre() throws IOException {
        try (TestPartition test = TestPartition.open(directory)) {
            AtomicInteger stayed = new AtomicInteger();
            AtomicInteger left = new AtomicInteger();
            TailWaiter staying = stayed::incrementAndGet;
            TailWaiter leaving = left::incrementAndGet;
            test.partition.enterTailRoom(staying);
            test.partition.enterTailRoom(leaving);
            test.partition.leaveTailRoom(leaving);
            assertEquals(0, stayed.get(), "woken by a leaver");
            TestPartition.append(test.partition.openWriter(), new TestPartition.Batches().plain(1));
            assertEquals(1, stayed.get());
            assertEquals(0, left.get());
            TestPartition.append(test.partition.openWriter(), new TestPartition.Batches().plain(1));
            assertEquals(1, stayed.get(), "woken without having entered again");
            test.partition.enterTailRoom(staying);
            TestPartition.append(test.partition.openWriter(), new TestPartition.Batches().plain(1));
            assertEquals(2, stayed.get());
            assertFalse(left.get() > 0);
        }
    }
}
