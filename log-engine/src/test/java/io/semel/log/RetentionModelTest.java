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
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Random lives of a log that forgets, against lists that do. */
class RetentionModelTest {
    private static final int CAPACITY = LogConfig.MIN_SEGMENT_BYTES;

    private enum Kind {
        APPEND, PASS_TIME, CLEAN_BY_TIME, CLEAN_BY_SIZE, CLEAN_BELOW_BOUND, DELETE_RECORDS, OPEN_READER, READ,
        CLOSE_READER, CLOSE_AND_REOPEN, KILL_AND_REOPEN
    }

    record Action(Kind kind, int size) {
    }

    @Provide
    Arbitrary<List<Action>> lives() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(40, Kind.APPEND), Tuple.of(8, Kind.PASS_TIME),
                Tuple.of(4, Kind.CLEAN_BY_TIME), Tuple.of(4, Kind.CLEAN_BY_SIZE), Tuple.of(3, Kind.CLEAN_BELOW_BOUND),
                Tuple.of(2, Kind.DELETE_RECORDS), Tuple.of(5, Kind.OPEN_READER), Tuple.of(10, Kind.READ),
                Tuple.of(2, Kind.CLOSE_READER), Tuple.of(1, Kind.CLOSE_AND_REOPEN), Tuple.of(1, Kind.KILL_AND_REOPEN));
        Arbitrary<Integer> sizes = Arbitraries.integers().between(0, 60_000);
        return Combinators.combine(kinds, sizes).as(Action::new).list().ofMinSize(20).ofMaxSize(120);
    }

    @Property(tries = 150)
    void aLogThatForgetsIsAListThatForgets(@ForAll("lives") List<Action> life) throws IOException {
        Path root = Files.createTempDirectory("semel-retention-model");
        try (Life model = new Life(root)) {
            for (Action action : life) {
                model.step(action);
                model.check();
            }
            model.leave();
        } finally {
            FileDisk.instance().delete(root);
        }
    }

    private record Batch(long offset, long nextOffset, int crc, int sizeInBytes, long timestampMs) {
    }

    /** A segment as a list; dropped ones are kept, for the readers that stand in them. */
    private static final class Part {
        final long baseOffset;
        final List<Batch> batches = new ArrayList<>();
        boolean dropped;

        Part(long baseOffset) {
            this.baseOffset = baseOffset;
        }

        int sizeInBytes() {
            return batches.stream().mapToInt(Batch::sizeInBytes).sum();
        }

        long newestMs() {
            return batches.stream().mapToLong(Batch::timestampMs).max().orElse(-1);
        }
    }

    private static final class Standing {
        final LogReader reader;
        Part part;
        long nextOffset;

        Standing(LogReader reader) {
            this.reader = reader;
        }
    }

    private static final class Life implements AutoCloseable {
        private static final long NOTHING_BOUNDS = Long.MAX_VALUE;
        private static final RetentionConfig KEEP_ALL =
                new RetentionConfig(RetentionConfig.UNLIMITED, RetentionConfig.UNLIMITED, Long.MAX_VALUE);

        private final Path root;
        private FaultyDisk disk;
        private final TestBatches batches = new TestBatches();
        private final Claim claim = new Claim();
        private final List<Part> parts = new ArrayList<>();
        private final List<Standing> readers = new ArrayList<>();
        private long start;
        private long nowMs = 1_000_000;
        private int deaths;
        private long appended;
        private Part filling;
        private long fillingSinceMs;
        private Path directory;
        private Log log;

        Life(Path root) throws IOException {
            this.root = root;
            this.directory = root.resolve("life0");
            parts.add(new Part(0));
            reopen();
        }

        void step(Action action) throws IOException {
            switch (action.kind()) {
                case APPEND -> append(action.size());
                case PASS_TIME -> nowMs += action.size();
                case CLEAN_BY_TIME -> clean(new RetentionConfig(action.size(), -1, Long.MAX_VALUE), NOTHING_BOUNDS);
                case CLEAN_BY_SIZE -> clean(new RetentionConfig(-1, 4L * action.size(), Long.MAX_VALUE),
                        NOTHING_BOUNDS);
                case CLEAN_BELOW_BOUND -> clean(new RetentionConfig(-1, 0, Long.MAX_VALUE), anOffset(action.size()));
                case DELETE_RECORDS -> deleteRecords(anOffset(action.size()));
                case OPEN_READER -> openReader(anOffset(action.size()));
                case READ -> read(action.size());
                case CLOSE_READER -> closeReader(action.size());
                case CLOSE_AND_REOPEN -> {
                    leave();
                    log.close();
                    reopen();
                }
                case KILL_AND_REOPEN -> {
                    deaths++;
                    Path next = Logs.killedCopy(directory, root.resolve("life" + deaths));
                    leave();
                    log.close();
                    directory = next;
                    reopen();
                }
            }
        }

        private long anOffset(int size) {
            return size % (log.frontierOffset() + 1);
        }

        private void reopen() throws IOException {
            disk = new FaultyDisk().withoutForces();
            filling = null;
            Logs.Remember fold = new Logs.Remember();
            log = Log.open(disk, directory, Logs.SMALL.withRetention(KEEP_ALL), fold);
            List<Long> live = liveBatches().stream().map(Batch::offset).toList();
            assertEquals(live, fold.seen.stream().map(Logs.Seen::baseOffset).toList());
        }

        private void append(int size) {
            long timestampMs = Math.max(0, nowMs - size / 3);
            ByteBuffer batch = batches.batch(appended++, timestampMs, 1 + size % 4, size / 4);
            Part active = parts.get(parts.size() - 1);
            if (active.sizeInBytes() + batch.remaining() > CAPACITY) {
                active = new Part(log.frontierOffset());
                parts.add(active);
            }
            long offset = Logs.append(log, claim, batch);
            active.batches.add(new Batch(offset, claim.endOffset(), RecordBatchLayout.crc(batch, 0), batch.remaining(),
                    timestampMs));
        }

        private List<Part> live() {
            return parts.stream().filter(part -> !part.dropped).toList();
        }

        private List<Batch> liveBatches() {
            return live().stream().flatMap(part -> part.batches.stream()).toList();
        }

        /** Until nothing more is done, as the cleaner's thread does. */
        private void clean(RetentionConfig limits, long bound) {
            Logs.settle(log);
            log.retain(limits);
            while (log.clean(nowMs, bound) > 0) {
                Logs.settle(log);
            }
            dropBelowStart();
            dropOldest(limits, bound);
            if (isRolledByAge(limits)) {
                parts.add(new Part(log.frontierOffset()));
                dropBelowStart();
                dropOldest(limits, bound);
            }
        }

        /** Records may have been deleted up to the end of a segment that was the last one then. */
        private void dropBelowStart() {
            List<Part> live = live();
            for (int index = 0; index + 1 < live.size() && live.get(index + 1).baseOffset <= start; index++) {
                live.get(index).dropped = true;
            }
        }

        private void dropOldest(RetentionConfig limits, long bound) {
            boolean more = true;
            while (more) {
                List<Part> live = live();
                Part oldest = live.get(0);
                long size = live.stream().mapToLong(Part::sizeInBytes).sum();
                boolean tooOld = limits.retentionMs() >= 0 && nowMs - oldest.newestMs() > limits.retentionMs();
                boolean tooMuch = limits.retentionBytes() >= 0
                        && size - oldest.sizeInBytes() >= limits.retentionBytes();
                more = live.size() > 1 && live.get(1).baseOffset <= bound && (tooOld || tooMuch);
                if (more) {
                    oldest.dropped = true;
                    start = Math.max(start, live.get(1).baseOffset);
                }
            }
        }

        /** An active segment with old records is rolled, and goes with the others once it is not active. */
        private boolean isRolledByAge(RetentionConfig limits) {
            Part active = parts.get(parts.size() - 1);
            if (active.batches.isEmpty()) {
                return false;
            }
            if (active != filling) {
                filling = active;
                fillingSinceMs = nowMs;
            }
            long limitMs = limits.retentionMs() >= 0 ? limits.retentionMs() : Long.MAX_VALUE;
            long ageMs = nowMs - Math.min(fillingSinceMs, active.batches.get(0).timestampMs());
            return ageMs > limitMs && nowMs - fillingSinceMs >= Math.min(limitMs, Retention.MIN_ROLL_INTERVAL_MS);
        }

        private void deleteRecords(long offset) throws IOException {
            Logs.settle(log);
            start = Math.max(start, offset);
            assertEquals(start, log.deleteRecordsBefore(offset));
            dropBelowStart();
        }

        private void openReader(long offset) {
            Standing standing = new Standing(log.openReader());
            standing.reader.seek(offset);
            standing.nextOffset = Math.max(start, offset);
            standing.part = holding(standing.nextOffset);
            readers.add(standing);
        }

        private Part holding(long offset) {
            Part found = live().get(0);
            for (Part part : live()) {
                found = part.baseOffset <= offset ? part : found;
            }
            return found;
        }

        private void read(int size) {
            if (readers.isEmpty()) {
                return;
            }
            Standing standing = readers.get(size % readers.size());
            for (int count = size % 20; count >= 0; count--) {
                Batch expected = next(standing);
                if (expected == null) {
                    assertFalse(standing.reader.next(log.frontierPosition()));
                    return;
                }
                assertTrue(standing.reader.next(log.frontierPosition()));
                assertTrue(standing.reader.batch().isCrcValid());
                assertEquals(expected.offset(), standing.reader.batch().baseOffset());
                assertEquals(expected.crc(), standing.reader.batch().crc());
                standing.nextOffset = expected.nextOffset();
            }
        }

        /** Where a reader stands it reads on, dropped or not; then from the start on. Null at the end. */
        private Batch next(Standing standing) {
            Batch here = firstFrom(List.of(standing.part), standing.nextOffset);
            if (here != null) {
                return here;
            }
            long wanted = Math.max(standing.nextOffset, start);
            Batch next = firstFrom(live().stream().filter(part -> part != standing.part).toList(), wanted);
            if (next != null) {
                standing.part = holding(next.offset());
            }
            return next;
        }

        private static Batch firstFrom(List<Part> among, long offset) {
            return among.stream().flatMap(part -> part.batches.stream()).filter(batch -> batch.nextOffset() > offset)
                    .findFirst().orElse(null);
        }

        private void closeReader(int size) {
            if (!readers.isEmpty()) {
                readers.remove(size % readers.size()).reader.close();
            }
        }

        void check() throws IOException {
            assertEquals(start, log.startOffset());
            assertEquals(live().stream().mapToLong(Part::sizeInBytes).sum(), log.sizeInBytes());
            assertTrue(live().get(0).baseOffset <= start && start <= log.frontierOffset());
            List<String> names = Logs.files(directory, ".log").stream().map(file -> file.getFileName().toString())
                    .toList();
            for (Part part : live()) {
                assertTrue(names.contains(SegmentNames.fileName(part.baseOffset, ".log")), names::toString);
            }
            assertEquals(live().size() + log.cleaningProgress().segmentsStillRead(), names.size(), names::toString);
        }

        /** With the readers gone and a round of cleaning only the live segments are left on the disk. */
        void leave() throws IOException {
            readers.forEach(standing -> standing.reader.close());
            readers.clear();
            clean(KEEP_ALL, NOTHING_BOUNDS);
            assertEquals(live().size(), Logs.files(directory, ".log").size());
            assertEquals(live().size(), disk.mappedRegions());
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }
}
