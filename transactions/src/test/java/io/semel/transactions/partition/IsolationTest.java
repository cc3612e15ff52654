package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import io.semel.log.batch.ControlType;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** T9: what a committed reader is given is a brute-force filter over everything, from every start offset. */
class IsolationTest {
    private static final int PRODUCERS = 4;

    @Property(tries = 60)
    void aCommittedReaderSeesWhatABruteForceFilterLeaves(
            @ForAll @Size(min = 1, max = 150) List<@IntRange(max = 9999) Integer> choices) throws IOException {
        Path directory = Files.createTempDirectory("semel-isolation");
        try {
            History history = new History();
            try (TestPartition test = TestPartition.open(directory)) {
                for (int choice : choices) {
                    history.step(test, choice);
                }
                history.expect(test);
            }
            try (TestPartition test = TestPartition.open(directory)) {
                history.expect(test);
                for (int choice : choices) {
                    history.step(test, choice / 3);
                }
                history.expect(test);
            }
        } finally {
            FileDisk.instance().delete(directory);
        }
    }

    /**
     * Row 13 (redpanda 7819): the list of aborted transactions and the data must fit at a segment's seam, for a
     * transaction that begins, goes on and ends in different segments.
     */
    @Test
    void anAbortedTransactionIsHiddenInEverySegmentThatItTouches(@TempDir Path directory) throws IOException {
        History history = new History();
        try (TestPartition test = TestPartition.open(directory)) {
            for (int round = 0; round < 60; round++) {
                for (int producer = 0; producer < PRODUCERS; producer++) {
                    history.write(test, producer, 1 + round % 5);
                }
                // One ends often, one in each segment or so, one behind many seams, and one stays open.
                if (round % 7 == 6) {
                    history.end(test, 0, ControlType.COMMIT, 0);
                }
                if (round % 9 == 8) {
                    history.end(test, 1, ControlType.ABORT, 0);
                }
            }
            history.end(test, 2, ControlType.ABORT, 0);
            try (Stream<Path> files = Files.list(directory)) {
                long segments = files.filter(file -> file.toString().endsWith(".log")).count();
                assertTrue(segments > 10, () -> segments + " segments");
            }
            history.expect(test);
            history.end(test, 3, ControlType.ABORT, 0);
            history.expect(test);
        }
        try (TestPartition test = TestPartition.open(directory)) {
            history.expect(test);
        }
    }

    /** One data batch and, once known, how its transaction ended. */
    private static final class Batch {
        private final long baseOffset;
        private final long endOffset;
        private final int producer;
        private boolean open;
        private boolean aborted;

        Batch(long baseOffset, int count, int producer, boolean transactional) {
            this.baseOffset = baseOffset;
            this.endOffset = baseOffset + count;
            this.producer = producer;
            this.open = transactional;
        }
    }

    private static final class History {
        private final TestPartition.Batches batches = new TestPartition.Batches();
        private final List<Batch> log = new ArrayList<>();
        private final int[] epochs = new int[PRODUCERS];
        private final int[] sequences = new int[PRODUCERS];
        private long end;
        private long lastStable;

        void step(TestPartition test, int choice) {
            int producer = choice % PRODUCERS;
            int size = 1 + choice / 40 % 5;
            switch (choice / PRODUCERS % 10) {
                case 0 -> end(test, producer, ControlType.COMMIT, 0);
                case 1 -> end(test, producer, ControlType.ABORT, 0);
                case 2 -> end(test, producer, choice / 40 % 2 == 0 ? ControlType.COMMIT : ControlType.ABORT, 1);
                case 3 -> plain(test, size);
                case 4 -> test.partition.doWork();
                default -> write(test, producer, size);
            }
            expectStable(test);
        }

        private void plain(TestPartition test, int count) {
            long offset = TestPartition.append(test.partition.openWriter(), batches.plain(count));
            log.add(new Batch(offset, count, -1, false));
            end = offset + count;
        }

        private void write(TestPartition test, int producer, int count) {
            PartitionWriter writer = test.writer(producer);
            long offset = TestPartition.append(writer, batches.transactional(producer, epochs[producer],
                    sequences[producer], count, 300 * count));
            assertEquals(end, offset);
            sequences[producer] += count;
            log.add(new Batch(offset, count, producer, true));
            end = offset + count;
        }

        /** As KIP-890 has it, the marker may carry the next epoch, at which sequences begin again. */
        private void end(TestPartition test, int producer, ControlType outcome, int epochBump) {
            PartitionWriter writer = test.writer(producer);
            long first = -1;
            for (Batch batch : log) {
                if (batch.producer == producer && batch.open && first < 0) {
                    first = batch.baseOffset;
                }
            }
            if (first < 0) {
                assertEquals(Refusal.NOTHING_TO_END, test.end(writer, outcome, epochs[producer], end));
                return;
            }
            if (epochBump > 0) {
                epochs[producer]++;
                sequences[producer] = 0;
                test.ids.find(producer).raise((short) epochs[producer], "transaction ended");
            }
            assertEquals(end, test.end(writer, outcome, epochs[producer], first));
            end++;
            for (Batch batch : log) {
                if (batch.producer == producer && batch.open) {
                    batch.open = false;
                    batch.aborted = outcome == ControlType.ABORT;
                }
            }
        }

        private long stable() {
            for (Batch batch : log) {
                if (batch.open) {
                    return batch.baseOffset;
                }
            }
            return end;
        }

        private void expectStable(TestPartition test) {
            long stable = test.partition.stableOffset();
            assertEquals(stable(), stable);
            assertTrue(stable >= lastStable, "L6: the stable offset went back");
            lastStable = stable;
        }

        void expect(TestPartition test) {
            expectStable(test);
            for (long from = 0; from <= end + 1; from++) {
                List<Long> committed = new ArrayList<>();
                List<Long> all = new ArrayList<>();
                for (Batch batch : log) {
                    if (batch.endOffset > from) {
                        all.add(batch.baseOffset);
                        if (batch.baseOffset < stable() && !batch.aborted) {
                            committed.add(batch.baseOffset);
                        }
                    }
                }
                assertEquals(all, test.read(from, Isolation.READ_UNCOMMITTED), "uncommitted from " + from);
                assertEquals(committed, test.read(from, Isolation.READ_COMMITTED), "committed from " + from);
            }
        }
    }
}
