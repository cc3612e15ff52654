package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionConfig;
import io.semel.log.CompactionResources;
import io.semel.log.LogConfig;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** T9 while compacting: a committed reader is given committed records only, and of every key the newest. */
class CompactedIsolationTest {
    private static final LogConfig CONFIG = TestPartition.SMALL.withCompaction(
            new CompactionConfig(CleanupPolicy.COMPACT, 1000, 0, Long.MAX_VALUE, 0));
    private static final int PRODUCERS = 3;
    private static final int KEYS = 5;

    private enum Fate {
        OPEN, COMMITTED, ABORTED
    }

    private static final class Written {
        final long offset;
        final int key;
        final int producer;
        Fate fate;

        Written(long offset, int key, int producer, Fate fate) {
            this.offset = offset;
            this.key = key;
            this.producer = producer;
            this.fate = fate;
        }
    }

    @Property(tries = 20)
    void aCommittedReaderSeesWhatABruteForceFilterLeaves(@ForAll long seed) throws IOException {
        Path directory = Files.createTempDirectory("semel-compacted-isolation");
        try {
            History history = new History(new Random(seed));
            for (int life = 0; life < 3; life++) {
                try (TestPartition test = TestPartition.open(directory, CONFIG)) {
                    history.expect(test);
                    history.live(test);
                    history.expect(test);
                }
            }
            assertTrue(history.removed > 0, "nothing was compacted");
        } finally {
            FileDisk.instance().delete(directory);
        }
    }

    /** A client takes what follows in a listed producer's name for aborted until a marker comes; and that is gone. */
    @Test
    void aCheckpointOfBeforeACompactionBringsNoAbortedTransactionBack(@TempDir Path directory) throws IOException {
        History history = new History(new Random(1));
        Path checkpoint = directory.resolve("checkpoint-a");
        byte[] before;
        try (TestPartition test = TestPartition.open(directory, CONFIG)) {
            history.write(test, 0);
            history.end(test, 0, ControlType.ABORT);
            for (int batch = 0; batch < 40; batch++) {
                history.write(test, 1);
            }
            history.end(test, 1, ControlType.COMMIT);
            assertTrue(test.partition.toString().contains("abortedTransactions=1"));
        }
        before = Files.readAllBytes(checkpoint);
        try (TestPartition test = TestPartition.open(directory, CONFIG)) {
            history.compact(test);
            assertTrue(test.partition.log().compaction().compactedOffset() > 0);
        }
        Files.write(checkpoint, before);
        Files.delete(directory.resolve("checkpoint-b"));
        try (TestPartition test = TestPartition.open(directory, CONFIG)) {
            assertTrue(test.partition.toString().contains("abortedTransactions=0"), test.partition::toString);
        }
    }

    private static final class History {
        private final Random random;
        private final RecordBatchWriter batch = new RecordBatchWriter(1024, 1 << 16);
        private final CompactionResources resources = new CompactionResources();
        private final List<Written> log = new ArrayList<>();
        private final int[] sequences = new int[PRODUCERS];
        private long nowMs = 1_000_000;
        private long removed;

        History(Random random) {
            this.random = random;
        }

        void live(TestPartition test) throws IOException {
            try (PartitionReader slow = test.partition.openReader(0, Isolation.READ_COMMITTED)) {
                for (int step = 0; step < 120; step++) {
                    int producer = random.nextInt(PRODUCERS);
                    int choice = random.nextInt(12);
                    if (choice < 2) {
                        end(test, producer, choice == 0 ? ControlType.COMMIT : ControlType.ABORT);
                    } else if (choice == 2) {
                        compact(test);
                        expect(test);
                    } else if (choice == 3) {
                        readOn(slow);
                    } else {
                        write(test, producer);
                    }
                }
            }
            for (int producer = 0; producer < PRODUCERS; producer++) {
                end(test, producer, ControlType.COMMIT);
            }
            compact(test);
            removed += test.partition.log().compaction().compactedOffset();
        }

        private void readOn(PartitionReader slow) {
            for (int count = random.nextInt(20); count > 0 && slow.next(); count--) {
                check(slow.batch());
            }
        }

        /** Every record shown is one that was committed. */
        private List<Written> check(RecordBatchView batch) {
            List<Written> shown = new ArrayList<>();
            assertTrue(batch.isCrcValid() && batch.recordCount() > 0, batch::toString);
            RecordCursor cursor = new RecordCursor().wrap(batch);
            while (cursor.next()) {
                long offset = cursor.offset();
                Written written = log.stream().filter(each -> each.offset == offset).findFirst().orElseThrow();
                assertEquals(Fate.COMMITTED, written.fate, () -> "shown at " + offset);
                assertEquals("k" + written.key, StandardCharsets.UTF_8.decode(cursor.keySlice()).toString());
                shown.add(written);
            }
            return shown;
        }

        private void write(TestPartition test, int producer) {
            int key = random.nextInt(KEYS);
            byte[] value = new byte[random.nextInt(4000)];
            byte[] keyBytes = ("k" + key).getBytes(StandardCharsets.UTF_8);
            batch.begin(nowMs).producer(producer, (short) 0, sequences[producer]++).asTransactional();
            batch.tryAppend(nowMs, keyBytes, value);
            ByteBuffer finished = batch.finish();
            long offset = TestPartition.append(test.writer(producer), finished);
            log.add(new Written(offset, key, producer, Fate.OPEN));
        }

        private void end(TestPartition test, int producer, ControlType outcome) {
            List<Written> open = log.stream().filter(each -> each.producer == producer && each.fate == Fate.OPEN)
                    .toList();
            if (!open.isEmpty()) {
                assertTrue(test.end(test.writer(producer), outcome, 0, open.get(0).offset) >= 0);
                open.forEach(each -> each.fate = outcome == ControlType.COMMIT ? Fate.COMMITTED : Fate.ABORTED);
            }
        }

        private void compact(TestPartition test) {
            nowMs += 60_000;
            settle(test);
            int done;
            do {
                done = test.partition.clean(nowMs, resources);
                settle(test);
                done += test.partition.clean(nowMs, resources);
            } while (done > 0);
        }

        private static void settle(TestPartition test) {
            while (test.partition.doWork() + test.partition.flush() > 0) {
                Thread.onSpinWait();
            }
        }

        /** From every offset on: the newest of each key that stands there is there, and nothing that never was. */
        void expect(TestPartition test) {
            long stable = log.stream().filter(each -> each.fate == Fate.OPEN).mapToLong(each -> each.offset).min()
                    .orElse(Long.MAX_VALUE);
            Map<Integer, Long> newest = new HashMap<>();
            for (Written each : log) {
                if (each.fate == Fate.COMMITTED && each.offset < stable) {
                    newest.put(each.key, each.offset);
                }
            }
            long end = test.partition.readableOffset();
            for (long from = 0; from <= end; from += 1 + end / 25) {
                Map<Integer, Long> found = new HashMap<>();
                try (PartitionReader reader = test.partition.openReader(from, Isolation.READ_COMMITTED)) {
                    while (reader.next()) {
                        check(reader.batch()).forEach(each -> found.put(each.key, each.offset));
                    }
                    assertTrue(!reader.hasMore());
                }
                expectNewest(newest, found, from);
                found.clear();
                new FilteringClient(test.partition, 5_000).read(from, Isolation.READ_COMMITTED, batch -> {
                    if (batch.recordCount() > 0) {
                        check(batch).forEach(each -> found.put(each.key, each.offset));
                    }
                });
                expectNewest(newest, found, from);
            }
        }

        private static void expectNewest(Map<Integer, Long> newest, Map<Integer, Long> found, long from) {
            for (Map.Entry<Integer, Long> each : newest.entrySet()) {
                if (each.getValue() >= from) {
                    assertEquals(each.getValue(), found.get(each.getKey()), "key " + each.getKey() + " from " + from);
                }
            }
        }
    }
}
