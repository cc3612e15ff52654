package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.memory.Disk;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Random lives of a log against a list. */
class LogModelTest {
    private enum Kind {
        APPEND, READ_FROM, STEP, CLOSE_AND_REOPEN, KILL_AND_REOPEN
    }

    record Action(Kind kind, int size) {
    }

    @Provide
    Arbitrary<List<Action>> lives() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(30, Kind.APPEND),
                Tuple.of(6, Kind.READ_FROM), Tuple.of(4, Kind.STEP),
                Tuple.of(1, Kind.CLOSE_AND_REOPEN), Tuple.of(1, Kind.KILL_AND_REOPEN));
        Arbitrary<Integer> sizes = Arbitraries.integers().between(0, 60_000);
        return Combinators.combine(kinds, sizes).as(Action::new).list().ofMaxSize(60);
    }

    @Property(tries = 120)
    void aLogIsAList(@ForAll("lives") List<Action> life) throws IOException {
        Path root = Files.createTempDirectory("semel-log-model");
        try (Life model = new Life(root)) {
            for (Action action : life) {
                model.step(action);
            }
            model.readFrom(0);
        } finally {
            FileDisk.instance().delete(root);
        }
    }

    /** The log, and beside it the list of what was appended. */
    private static final class Life implements AutoCloseable {
        private final Path root;
        private final Disk disk = new FaultyDisk().withoutForces();
        private final TestBatches batches = new TestBatches();
        private final Claim claim = new Claim();
        private final List<Logs.Seen> expected = new ArrayList<>();
        private int deaths;
        private Path directory;
        private Log log;

        Life(Path root) throws IOException {
            this.root = root;
            this.directory = root.resolve("life0");
            this.log = Logs.open(disk, directory, Logs.NOTHING);
        }

        void step(Action action) throws IOException {
            switch (action.kind()) {
                case APPEND -> append(action.size());
                case READ_FROM -> readFrom(action.size() % (log.frontierOffset() + 2));
                case STEP -> log.doWork();
                case CLOSE_AND_REOPEN -> {
                    int epoch = log.leaderEpoch();
                    log.close();
                    reopen();
                    assertEquals(epoch, log.leaderEpoch());
                }
                case KILL_AND_REOPEN -> {
                    int epoch = log.leaderEpoch();
                    deaths++;
                    Path next = Logs.killedCopy(directory, root.resolve("life" + deaths));
                    log.close();
                    directory = next;
                    reopen();
                    assertEquals(epoch + 1, log.leaderEpoch());
                }
            }
        }

        private void append(int size) {
            ByteBuffer batch = batches.batch(1, expected.size(), 1 + size % 4, size / 4);
            long position = log.frontierPosition();
            long offset = Logs.append(log, claim, batch);
            assertEquals(claim.endOffset(), log.acknowledgedOffset());
            expected.add(new Logs.Seen(offset, claim.endOffset(), position,
                    RecordBatchLayout.crc(batch, 0), log.leaderEpoch()));
        }

        private void reopen() throws IOException {
            Logs.Remember fold = new Logs.Remember();
            log = Logs.open(disk, directory, fold);
            assertEquals(expected, fold.seen);
        }

        void readFrom(long offset) {
            try (LogReader reader = log.openReader()) {
                reader.seek(offset);
                for (Logs.Seen each : expected) {
                    if (each.nextOffset() > offset) {
                        assertEquals(each.position(), reader.position());
                        assertTrue(reader.next(log.frontierPosition()));
                        assertEquals(each, Logs.Seen.of(reader.batch(), each.position()));
                        assertTrue(reader.batch().isCrcValid());
                    }
                }
                assertFalse(reader.next(log.frontierPosition()));
                assertEquals(log.frontierOffset(), reader.nextOffset());
            }
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }
}
