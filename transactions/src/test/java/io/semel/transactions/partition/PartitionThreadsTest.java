package io.semel.transactions.partition;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.idempotence.ProducerIdentity;
import io.semel.log.LogConfig;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class PartitionThreadsTest {
    private static final long ID = 7;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /** T6: epoch raised, pen taken and released once: no batch of an older epoch lands at or behind the marker. */
    @Test
    void afterAFenceNoOlderBatchLands() throws Exception {
        LogConfig config = LogConfig.DEFAULT.withSegmentBytes(1 << 20);
        try (TestPartition test = TestPartition.open(directory, config)) {
            test.writer(ID);
            ProducerIdentity identity = test.ids.find(ID);
            ControlBatches markers = new ControlBatches();
            PartitionWriter fencer = test.partition.openWriter(ID);
            for (int epoch = 0; epoch < 400; epoch++) {
                int old = epoch;
                AtomicInteger written = new AtomicInteger();
                Future<Long> zombie = threads.submit(() -> writeUntilRefused(test, old, written));
                while (written.get() < epoch % 4) {
                    Thread.onSpinWait();
                }
                identity.raise((short) (epoch + 1), "a newer instance");
                fencer.producer().pen().take();
                long first = fencer.producer().transactionOffset();
                long claimed = test.partition.log().claimedOffset();
                fencer.producer().pen().release();
                assertEquals(Refusal.FENCED, zombie.get());
                assertEquals(claimed, test.partition.readableOffset(), "something landed behind the fence");
                if (first >= 0) {
                    assertTrue(TestPartition.end(markers, fencer, ControlType.ABORT, epoch + 1, first) >= claimed);
                }
            }
            assertEquals(List.of(), test.read(0, Isolation.READ_COMMITTED));
            assertEquals(test.partition.readableOffset(), test.partition.stableOffset());
        }
    }

    private static long writeUntilRefused(TestPartition test, int epoch, AtomicInteger written) {
        TestPartition.Batches batches = new TestPartition.Batches();
        PartitionWriter writer = test.partition.openWriter(ID);
        for (int sequence = 0;; sequence++) {
            long code = TestPartition.append(writer, batches.transactional(ID, epoch, sequence, 1));
            if (code < 0) {
                return code;
            }
            written.incrementAndGet();
        }
    }

    /** T9 and L6 with everything at once: what a committed reader is ever shown is exactly what was committed. */
    @Test
    void aCommittedReaderBesideWritersSeesExactlyWhatWasCommitted() throws Exception {
        int producers = 4;
        int transactions = 2000;
        LogConfig config = LogConfig.DEFAULT.withSegmentBytes(1 << 20);
        Set<Long> committed = ConcurrentHashMap.newKeySet();
        Set<Long> seen = new HashSet<>();
        try (TestPartition test = TestPartition.open(directory, config)) {
            AtomicInteger writing = new AtomicInteger(producers);
            List<Future<?>> running = new ArrayList<>();
            for (int producer = 0; producer < producers; producer++) {
                PartitionWriter writer = test.writer(producer);
                running.add(threads.submit(() -> {
                    writeTransactions(writer, transactions, committed);
                    writing.decrementAndGet();
                }));
            }
            Future<?> reader = threads.submit(() -> follow(test.partition, writing, seen));
            Future<Set<Long>> filtered = threads.submit(() -> filter(test.partition, writing));
            for (Future<?> each : running) {
                each.get();
            }
            reader.get();
            assertEquals(committed, seen);
            assertEquals(committed, filtered.get());
            assertEquals(test.partition.readableOffset(), test.partition.stableOffset());
        }
        try (TestPartition test = TestPartition.open(directory, config)) {
            assertEquals(committed, new HashSet<>(test.read(0, Isolation.READ_COMMITTED)));
        }
    }

    private static void writeTransactions(PartitionWriter writer, int transactions, Set<Long> committed) {
        TestPartition.Batches batches = new TestPartition.Batches();
        ControlBatches markers = new ControlBatches();
        long id = writer.producer().identity().producerId();
        int sequence = 0;
        for (int number = 0; number < transactions; number++) {
            List<Long> offsets = new ArrayList<>();
            for (int batch = 0; batch <= number % 3; batch++) {
                long offset = TestPartition.append(writer, batches.transactional(id, 0, sequence++, 1));
                assertTrue(offset >= 0, Refusal.describe(offset));
                offsets.add(offset);
            }
            ControlType outcome = number % 4 == 1 ? ControlType.ABORT : ControlType.COMMIT;
            if (outcome == ControlType.COMMIT) {
                committed.addAll(offsets);
            }
            assertTrue(TestPartition.end(markers, writer, outcome, 0, offsets.get(0)) >= 0);
        }
    }

    private static void follow(Partition partition, AtomicInteger writing, Set<Long> seen) {
        long lastStable = 0;
        try (PartitionReader reader = partition.openReader(0, Isolation.READ_COMMITTED)) {
            boolean last = false;
            while (!last || reader.hasMore()) {
                last = writing.get() == 0;
                long stable = partition.stableOffset();
                assertTrue(stable >= lastStable, "the stable offset went back");
                lastStable = stable;
                while (reader.next()) {
                    RecordBatchView batch = reader.batch();
                    assertTrue(batch.isCrcValid());
                    assertTrue(seen.add(batch.baseOffset()), "shown twice");
                }
                Thread.yield();
            }
        }
    }

    /** What a client sees that filters by itself. */
    private static Set<Long> filter(Partition partition, AtomicInteger writing) {
        FilteringClient client = new FilteringClient(partition, 3_000);
        Set<Long> seen = new HashSet<>();
        long position = 0;
        boolean last = false;
        while (!last || position < partition.stableOffset()) {
            last = writing.get() == 0;
            position = client.read(position, Isolation.READ_COMMITTED, batch -> assertTrue(seen.add(batch
                    .baseOffset()), "shown twice"));
            Thread.yield();
        }
        return seen;
    }
}
