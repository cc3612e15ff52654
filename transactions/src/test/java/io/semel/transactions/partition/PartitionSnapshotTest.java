package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import io.semel.idempotence.ProducerIds;
import io.semel.log.CorruptLogException;
import io.semel.log.SnapshotWriter;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L4: a snapshot at any offset, and the log behind it, make the state that the whole log makes. */
class PartitionSnapshotTest {
    private static final int PRODUCERS = 5;

    @Property(tries = 40)
    void aSnapshotAtAnyOffsetAndTheRestMakeTheStateOfTheWhole(@ForAll long seed) throws IOException {
        History history = new History(new Random(seed));
        PartitionFold whole = fold();
        history.apply(whole, 0, history.batches.size());
        for (int cut = 0; cut <= history.batches.size(); cut++) {
            PartitionFold head = fold();
            history.apply(head, 0, cut);
            PartitionFold restored = fold();
            restored.restoreSnapshot(snapshotOf(head), history::positionOf);
            assertEquals(snapshotOf(head), snapshotOf(restored));
            expectSame(head, restored, history.end());
            history.apply(restored, cut, history.batches.size());
            assertEquals(snapshotOf(whole), snapshotOf(restored));
            expectSame(whole, restored, history.end());
        }
    }

    /** A reader at or past the start never misses a range, wherever the start moves. */
    @Property(tries = 40)
    void whatIsForgottenLiesWhollyBelowTheStart(@ForAll long seed) {
        History history = new History(new Random(seed));
        PartitionFold whole = fold();
        history.apply(whole, 0, history.batches.size());
        PartitionFold moved = fold();
        history.apply(moved, 0, history.batches.size());
        for (long start = 0; start <= history.end(); start += 3) {
            moved.aborted().forgetBelow(start);
            for (int producer = 0; producer < PRODUCERS; producer++) {
                for (long offset = start; offset < history.end(); offset++) {
                    assertEquals(whole.aborted().contains(producer, offset), moved.aborted().contains(producer,
                            offset));
                }
            }
        }
        moved.aborted().forgetBelow(history.end());
        assertEquals(0, moved.aborted().count());
        assertFalse(moved.aborted().contains(0, 0));
    }

    @Test
    void aSnapshotOfAnotherVersionIsRefused() {
        ByteBuffer snapshot = snapshotOf(fold());
        snapshot.putShort(0, (short) 9);
        CorruptLogException refused = assertThrows(CorruptLogException.class, () -> fold().restoreSnapshot(snapshot,
                offset -> 0));
        assertTrue(refused.getMessage().contains("version 9"), refused::getMessage);
    }

    private static PartitionFold fold() {
        return new PartitionFold(new ProducerIds(new ProducerIds.Journal() {
            @Override
            public long append(long nextUnissued) {
                return -1;
            }

            @Override
            public boolean isAcknowledged(long ticket) {
                return false;
            }
        }, 100), Partition.NO_CONTENT);
    }

    private static ByteBuffer snapshotOf(PartitionFold fold) {
        SnapshotWriter sink = new SnapshotWriter().begin();
        fold.encodeSnapshot(sink, 0);
        return sink.finish();
    }

    private static void expectSame(PartitionFold expected, PartitionFold actual, long end) {
        assertEquals(expected.open().firstOffset(), actual.open().firstOffset());
        assertEquals(expected.open().firstPositionAcquire(), actual.open().firstPositionAcquire());
        assertEquals(expected.aborted().count(), actual.aborted().count());
        for (int producer = 0; producer < PRODUCERS; producer++) {
            assertEquals(expected.open().firstOffsetOf(producer), actual.open().firstOffsetOf(producer));
            for (long offset = 0; offset < end; offset++) {
                assertEquals(expected.aborted().contains(producer, offset), actual.aborted().contains(producer,
                        offset));
            }
        }
    }

    /** Batches of a few producers, some in transactions, as they would stand in a log. */
    private static final class History {
        private final TestPartition.Batches writer = new TestPartition.Batches();
        private final List<RecordBatchView> batches = new ArrayList<>();
        private final List<Long> positions = new ArrayList<>();
        private long offset;
        private long position = 1000;

        History(Random random) {
            int[] sequences = new int[PRODUCERS];
            int[] epochs = new int[PRODUCERS];
            for (int step = random.nextInt(60); step > 0; step--) {
                int producer = random.nextInt(PRODUCERS);
                int count = 1 + random.nextInt(3);
                switch (random.nextInt(6)) {
                    case 0 -> add(writer.plain(count));
                    case 1 -> {
                        epochs[producer] += random.nextInt(2);
                        sequences[producer] = 0;
                        ControlType outcome = random.nextBoolean() ? ControlType.COMMIT : ControlType.ABORT;
                        add(new ControlBatches().endTransaction(outcome, producer, (short) ++epochs[producer], 0,
                                step));
                    }
                    case 2 -> {
                        add(writer.of(producer, epochs[producer], sequences[producer], count));
                        sequences[producer] += count;
                    }
                    default -> {
                        add(writer.transactional(producer, epochs[producer], sequences[producer], count));
                        sequences[producer] += count;
                    }
                }
            }
        }

        private void add(ByteBuffer batch) {
            ByteBuffer copy = ByteBuffer.allocate(batch.remaining()).put(batch).flip();
            RecordBatchLayout.stamp(copy, 0, offset, 0);
            RecordBatchView view = new RecordBatchView().wrap(copy, 0);
            batches.add(view);
            positions.add(position);
            offset = view.nextOffset();
            position += view.sizeInBytes();
        }

        long end() {
            return offset;
        }

        void apply(PartitionFold fold, int from, int to) {
            for (int index = from; index < to; index++) {
                fold.apply(batches.get(index), positions.get(index));
            }
        }

        long positionOf(long wanted) {
            int index = 0;
            while (batches.get(index).nextOffset() <= wanted) {
                index++;
            }
            return positions.get(index);
        }
    }
}
