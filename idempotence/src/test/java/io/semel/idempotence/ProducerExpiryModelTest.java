package io.semel.idempotence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import io.semel.log.batch.RecordBatchView;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * I4, I1: producers of a directory with a virtual clock, that write, retry, begin again with sequence 0, fall silent,
 * and come back; openings from checkpoints and without; records of deaths that a crash loses; a clock that jumps ahead
 * and is set back.
 */
class ProducerExpiryModelTest {
    @Property
    void anExpiredProducerNeverDuplicates(@ForAll @Size(max = 60) List<@IntRange(max = 9999) Integer> choices) {
        Life life = new Life();
        for (int choice : choices) {
            life.step(choice % 16, choice / 16);
            life.check();
        }
    }

    /** What the model knows of one id. */
    private static final class Known {
        private final Map<Integer, Integer> next = new HashMap<>();
        private final Set<Integer> open = new HashSet<>();
        /** Time that passed since it was heard of, and since it wrote. */
        private long silentMs;
        private long idleMs;
        private boolean wrote;
    }

    private static final class Life {
        private final ExpiryRig rig = new ExpiryRig();
        private final Map<Long, Known> model = new HashMap<>();
        private final List<Long> order = new ArrayList<>();
        /** Dead on the medium: nothing brings them back. */
        private final Set<Long> dead = new HashSet<>();

        void step(int kind, int what) {
            int where = what % ExpiryRig.PARTITIONS;
            switch (kind) {
                case 0, 1 -> issue();
                case 2, 3, 4 -> write(where, what / 4, 0, false);
                case 5 -> write(where, what / 4, 0, true);
                case 6 -> write(where, what / 4, -1 - what % 5, false);
                case 7 -> beginAgain(where, what / 4);
                case 8 -> mark(what / 4);
                case 9, 10 -> pass(what % ExpiryRig.EXPIRATION_MS);
                case 11 -> pass(ExpiryRig.EXPIRATION_MS / 10 * (1 + what % 20));
                case 12 -> rig.takeCheckpoint(where);
                case 13 -> force(what);
                case 14 -> setBack(what);
                default -> open(what);
            }
        }

        private void issue() {
            long id = rig.ids.tryIssue();
            assertTrue(!model.containsKey(id), "issued twice");
            model.put(id, new Known());
            order.add(id);
        }

        private void write(int where, int who, int lag, boolean transactional) {
            if (order.isEmpty()) {
                return;
            }
            long id = order.get(who % order.size());
            Known known = model.get(id);
            int sequence = Math.max(0, known.next.getOrDefault(where, 0) + lag);
            boolean isNext = sequence == known.next.getOrDefault(where, 0);
            Verdict verdict = rig.write(where, id, sequence, transactional || known.open.contains(where));
            if (verdict == Verdict.UNKNOWN) {
                requireMayBeDead(id);
                return;
            }
            assertTrue(!dead.contains(id), () -> id + " is dead and is answered with " + verdict);
            assertEquals(isNext ? Verdict.ADMIT : Verdict.DUPLICATE, verdict);
            known.silentMs = 0;
            if (isNext) {
                known.next.put(where, sequence + 1);
                known.idleMs = 0;
                known.wrote = true;
                if (transactional) {
                    known.open.add(where);
                }
            }
        }

        /** As a client of old would that lost its state: never taken where anything stands already. */
        private void beginAgain(int where, int who) {
            if (!order.isEmpty() && model.get(order.get(who % order.size())).next.containsKey(where)) {
                long id = order.get(who % order.size());
                Verdict verdict = rig.write(where, id, 0, false);
                assertTrue(verdict != Verdict.ADMIT, () -> id + " began again");
                if (verdict == Verdict.UNKNOWN) {
                    requireMayBeDead(id);
                } else {
                    model.get(id).silentMs = 0;
                }
            }
        }

        /** Nobody dies early, nor with anything open; whoever never wrote is a stranger after an opening. */
        private void requireMayBeDead(long id) {
            Known known = model.get(id);
            assertTrue(known.open.isEmpty(), () -> id + " has a transaction open and is dead");
            assertTrue(!known.wrote || known.silentMs >= ExpiryRig.EXPIRATION_MS, () -> id + " is dead after "
                    + known.silentMs + " ms");
        }

        private void mark(int who) {
            if (!order.isEmpty()) {
                long id = order.get(who % order.size());
                Known known = model.get(id);
                known.open.forEach(where -> rig.mark(where, id));
                known.open.clear();
            }
        }

        private void pass(long ms) {
            model.values().forEach(known -> {
                known.silentMs += ms;
                known.idleMs += ms;
            });
            rig.pass(ms);
            rig.settle();
        }

        /** From now on the journal is forced, or is not. */
        private void force(int what) {
            rig.isForced = what % 2 == 0;
            rig.force();
            rig.settle();
        }

        private void setBack(int what) {
            rig.nowMs -= what % 5_000;
            rig.settle();
        }

        /** A crash: what was journaled and not forced is gone, and some checkpoints with it. */
        private void open(int what) {
            if (what % 3 == 0) {
                rig.loseCheckpoint(what / 3 % ExpiryRig.PARTITIONS);
            }
            rig.open();
            // What it was asked and refused is not on record, what it wrote is.
            model.values().forEach(known -> known.silentMs = known.idleMs);
            rig.settle();
        }

        void check() {
            for (long id : model.keySet()) {
                byte[] block = rig.durable.getOrDefault(id / ProducerIds.BLOCK_SIZE, new byte[DeadIds.BLOCK_BYTES]);
                int bit = (int) (id % ProducerIds.BLOCK_SIZE);
                if ((block[bit / 8] & 1 << bit % 8) != 0) {
                    dead.add(id);
                    requireMayBeDead(id);
                }
            }
            for (int where = 0; where < ExpiryRig.PARTITIONS; where++) {
                requireNoDuplicate(rig.places.get(where).log);
                Set<Long> remembered = rig.remembered(where);
                for (long id : model.keySet()) {
                    assertTrue(dead.contains(id) || !model.get(id).next.containsKey(where) || remembered.contains(id),
                            id + " is forgotten, and its death is not on the medium");
                }
            }
        }

        private void requireNoDuplicate(List<RecordBatchView> log) {
            Set<String> seen = new HashSet<>();
            for (RecordBatchView batch : log) {
                assertTrue(batch.isControl() || seen.add(batch.producerId() + "/" + batch.baseSequence()),
                        "written twice: " + batch.producerId() + " sequence " + batch.baseSequence());
            }
        }
    }
}
