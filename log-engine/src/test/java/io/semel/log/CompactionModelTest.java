package io.semel.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import io.semel.log.batch.ControlType;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Random lives of a compacted log: what a committed reader makes of it never changes, survivors keep their offsets, markers
 * outlive their data, and what the log's owner folds from it is what it was (T9, L4).
 */
class CompactionModelTest {
    private enum Kind {
        PUT, DELETE, PUT_IN_TRANSACTION, DELETE_IN_TRANSACTION, PUT_IDEMPOTENT, COMMIT, ABORT, ROLL, STEP, COMPACT,
        WAIT,
        REOPEN, KILL
    }

    record Action(Kind kind, int producer, int key, int size) {
    }

    @Provide
    Arbitrary<List<Action>> lives() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(12, Kind.PUT), Tuple.of(4, Kind.DELETE),
                Tuple.of(10, Kind.PUT_IN_TRANSACTION), Tuple.of(3, Kind.DELETE_IN_TRANSACTION),
                Tuple.of(4, Kind.PUT_IDEMPOTENT), Tuple.of(5, Kind.COMMIT), Tuple.of(4, Kind.ABORT),
                Tuple.of(4, Kind.ROLL), Tuple.of(5, Kind.STEP), Tuple.of(4, Kind.COMPACT), Tuple.of(2, Kind.WAIT),
                Tuple.of(1, Kind.REOPEN), Tuple.of(1, Kind.KILL));
        Arbitrary<Integer> small = Arbitraries.integers().between(0, 3);
        return Combinators.combine(kinds, small, small, Arbitraries.integers().between(0, 9000)).as(Action::new).list()
                .ofMaxSize(80);
    }

    @Property(tries = 150)
    void compactionChangesNothingThatAReaderMakesOfTheLog(@ForAll("lives") List<Action> life) throws IOException {
        Path root = Files.createTempDirectory("semel-compaction-model");
        try (Life model = new Life(root)) {
            for (Action action : life) {
                model.step(action);
            }
            model.finish();
        } finally {
            FileDisk.instance().delete(root);
        }
    }

    private static final class Life implements AutoCloseable {
        private final Path root;
        private final CompactionRig rig;
        /** When each tombstone was written, by offset. */
        private final Map<Long, Long> tombstones = new HashMap<>();
        private int deaths;

        Life(Path root) throws IOException {
            this.root = root;
            this.rig = new CompactionRig(new FaultyDisk().withoutForces(), root.resolve("life0"),
                    CompactionRig.config(0));
        }

        void step(Action action) throws IOException {
            String key = "k" + action.key();
            String other = "k" + (action.key() + action.size()) % 7;
            long producer = action.producer();
            boolean inTransaction = rig.openRecords.containsKey(producer);
            switch (action.kind()) {
                case PUT -> rig.put(-1, false, rig.large(action.size()), key, other);
                case DELETE -> tombstones.put(rig.delete(key), rig.nowMs);
                case PUT_IN_TRANSACTION -> rig.put(producer, true, rig.large(action.size()), key, other, key);
                case DELETE_IN_TRANSACTION -> rig.put(producer, true, null, key);
                case PUT_IDEMPOTENT -> rig.put(producer + 10, false, rig.large(action.size()), key);
                case COMMIT -> end(inTransaction, producer, ControlType.COMMIT);
                case ABORT -> end(inTransaction, producer, ControlType.ABORT);
                case ROLL -> rig.roll("x");
                case STEP -> {
                    rig.nowMs += Compactor.BACK_OFF_MS;
                    rig.step();
                }
                case COMPACT -> rig.compact();
                case WAIT -> rig.nowMs += CompactionRig.DELETE_RETENTION_MS;
                case REOPEN -> {
                    String state = rig.guide.state();
                    rig.reopen();
                    assertEquals(state, rig.guide.state());
                }
                case KILL -> {
                    String state = rig.guide.state();
                    rig.kill(root.resolve("life" + ++deaths));
                    assertEquals(state, rig.guide.state());
                }
            }
            check();
        }

        private void end(boolean inTransaction, long producer, ControlType type) {
            if (inTransaction) {
                rig.end(producer, type);
            }
        }

        private void check() {
            assertEquals(expected(), rig.committed());
            tombstonesStand();
        }

        /** Without what is not decided: the rig's reader stops at the last stable offset. */
        private Map<String, String> expected() {
            return rig.expectedBelow(rig.guide.stableOffset());
        }

        private void tombstonesStand() {
            Map<String, Long> newest = rig.newestOffsets();
            for (Map.Entry<Long, Long> tombstone : tombstones.entrySet()) {
                String key = rig.written.get(tombstone.getKey()).key();
                boolean young = rig.nowMs < tombstone.getValue() + CompactionRig.DELETE_RETENTION_MS;
                if (young && newest.get(key).equals(tombstone.getKey())) {
                    assertTrue(rig.read().stream().anyMatch(record -> record.offset() == tombstone.getKey()),
                            () -> "tombstone of " + key + " at " + tombstone.getKey() + " is gone too early");
                }
            }
        }

        void finish() throws IOException {
            for (long producer : List.copyOf(rig.openRecords.keySet())) {
                rig.end(producer, ControlType.ABORT);
            }
            for (int round = 0; round < 4; round++) {
                rig.roll("x");
                rig.compact();
                check();
            }
            String state = rig.guide.state();
            rig.reopen();
            assertEquals(state, rig.guide.state());
            check();
        }

        @Override
        public void close() throws IOException {
            rig.close();
        }
    }
}
