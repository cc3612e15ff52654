package io.semel.transactions.partition;

import java.util.ArrayList;
import java.util.List;

import io.semel.log.batch.ControlType;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What was written to a partition with small segments, and what each isolation must see of it. Thread rule: one thread. */
final class IsolationHistory {
    static final int PRODUCERS = 4;

    /** One data batch and, once known, how its transaction ended. */
    static final class Batch {
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

    void write(TestPartition test, int producer, int count) {
        PartitionWriter writer = test.writer(producer);
        long offset = TestPartition.append(writer, batches.transactional(producer, epochs[producer],
                sequences[producer], count, 300 * count));
        assertEquals(end, offset);
        sequences[producer] += count;
        log.add(new Batch(offset, count, producer, true));
        end = offset + count;
    }

    /** As KIP-890 has it, the marker may carry the next epoch, at which sequences begin again. */
    void end(TestPartition test, int producer, ControlType outcome, int epochBump) {
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

    /** What is seen at one isolation from the batch on that holds an offset: base offsets, ascending. */
    @FunctionalInterface
    interface Sight {
        List<Long> from(long offset, Isolation isolation);
    }

    void expect(TestPartition test) {
        expect(test, test::read);
    }

    void expect(TestPartition test, Sight sight) {
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
            assertEquals(all, sight.from(from, Isolation.READ_UNCOMMITTED), "uncommitted from " + from);
            assertEquals(committed, sight.from(from, Isolation.READ_COMMITTED), "committed from " + from);
        }
    }
}
