package io.semel.idempotence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import io.semel.log.SnapshotWriter;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

class ProducerWindowTest {
    private static final long ID = 7;

    private record Batch(int sequence, int count, long offset) {
    }

    /**
     * L4, I1: random writes, retries, gaps and epochs against a list of all that was written; then the same, replayed.
     */
    @Property(tries = 300)
    void theWindowIsTheLastFiveOfAList(@ForAll @Size(max = 80) List<@IntRange(max = 999) Integer> choices) {
        new Life().live(choices);
    }

    /** One producer, the list of what it wrote at its epoch, and the bytes of all that it ever wrote. */
    private static final class Life {
        private final ProducerIds ids = new ProducerIds(new Journal(), 100);
        private final ProducerIdentity identity = ids.revive(ID, (short) 0);
        private final ProducerStates states = new ProducerStates(ids);
        private final ProducerState state = states.open(ID);
        private final List<Batch> log = new ArrayList<>();
        private final List<RecordBatchView> bytes = new ArrayList<>();
        private short epoch;
        private int expected;
        private boolean open;
        private long offset;

        private Verdict judge(int batchEpoch, int sequence, int count) {
            return state.judge((short) batchEpoch, sequence, count);
        }

        void live(List<Integer> choices) {
            for (int choice : choices) {
                step(choice % 10, choice / 10);
            }
            expectSameWhenReplayed();
        }

        private void step(int kind, int size) {
            switch (kind) {
                case 0 -> raise();
                case 1 -> commit();
                case 2 -> assertEquals(Verdict.GAP, judge(epoch, expected + 1 + size, 1 + size % 7));
                case 3, 4, 5 -> retry(size);
                default -> write(1 + size % 7, kind % 2 == 0);
            }
        }

        private void raise() {
            if (!open) {
                identity.raise(++epoch, "raised");
                expected = 0;
                log.clear();
            }
        }

        private void commit() {
            if (open) {
                state.recordMarker(epoch, offset, offset);
                bytes.add(Written.marker(ControlType.COMMIT, ID, epoch, offset));
                offset++;
                open = false;
            }
        }

        private void retry(int age) {
            if (age < log.size()) {
                Batch old = log.get(log.size() - 1 - age);
                Verdict verdict = judge(epoch, old.sequence(), old.count());
                assertEquals(age < 5 ? Verdict.DUPLICATE : Verdict.DUPLICATE_FORGOTTEN, verdict);
                if (age < 5) {
                    assertEquals(old.offset(), state.originalOffset(old.sequence(), old.count()));
                }
            }
        }

        private void write(int count, boolean transactional) {
            assertEquals(Verdict.ADMIT, judge(epoch, expected, count));
            RecordBatchView batch = Written.data(ID, epoch, expected, count, offset, transactional);
            state.recordBatch(batch, offset);
            bytes.add(batch);
            log.add(new Batch(expected, count, offset));
            open |= transactional;
            expected += count;
            offset += count;
        }

        private void expectSameWhenReplayed() {
            ProducerStates replayed = new ProducerStates(new ProducerIds(new Journal(), 100));
            for (RecordBatchView batch : bytes) {
                replayed.apply(batch);
                states.apply(batch);
            }
            if (bytes.isEmpty()) {
                assertNull(replayed.find(ID));
                return;
            }
            ProducerState again = replayed.find(ID);
            assertNotNull(again);
            assertEquals(describe(state), describe(again));
            assertEquals(snapshotOf(states), snapshotOf(replayed));
            for (int cut = 0; cut <= bytes.size(); cut++) {
                expectSameFromSnapshotAt(cut);
            }
        }

        /** L4: what a snapshot at any offset and the log behind it make is what the whole log makes. */
        private void expectSameFromSnapshotAt(int cut) {
            ProducerStates head = new ProducerStates(new ProducerIds(new Journal(), 100));
            bytes.subList(0, cut).forEach(head::apply);
            ProducerStates restored = new ProducerStates(new ProducerIds(new Journal(), 100));
            assertDoesNotThrow(() -> restored.restore(snapshotOf(head)));
            assertEquals(snapshotOf(head), snapshotOf(restored));
            if (restored.find(ID) != null) {
                assertEquals(describe(head.find(ID)), describe(restored.find(ID)), "admitted = applied");
            }
            bytes.subList(cut, bytes.size()).forEach(restored::apply);
            assertEquals(describe(state), describe(restored.find(ID)));
            assertEquals(snapshotOf(states), snapshotOf(restored));
        }

        private ByteBuffer snapshotOf(ProducerStates from) {
            SnapshotWriter sink = new SnapshotWriter().begin();
            from.encode(sink);
            return sink.finish();
        }

        private List<Object> describe(ProducerState state) {
            List<Object> described = new ArrayList<>(List.of(state.epoch(), state.lastSequence(), state
                    .transactionOffset(),
                    state.lastTimestampMs(), state.recordedOffset()));
            String text = state.toString();
            described.add(text.substring(text.indexOf("remembered=")));
            return described;
        }
    }
}
