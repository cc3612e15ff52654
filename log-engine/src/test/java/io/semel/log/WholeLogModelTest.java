package io.semel.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import io.semel.log.CompactionRig.Folding;
import io.semel.log.CompactionRig.Found;
import io.semel.log.CompactionRig.Written;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordCursor;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Random lives of a log that does all a log can do, against one list of all records ever appended (L2, L3, L4, L6, T9): both
 * append paths, transactions, retention, deletion, compaction, readers that stay, kills and reopenings, in any order.
 */
class WholeLogModelTest {
    private enum Kind {
        PUT, PUT_OLDER, DELETE, PUT_IN_TRANSACTION, PUT_IDEMPOTENT, COMMIT, ABORT, CLAIM, COMMIT_CLAIM, ABORT_CLAIM,
        ROLL,
        STEP, COMPACT, WAIT, RETAIN_BY_TIME, RETAIN_BY_SIZE, DELETE_RECORDS, READ_FROM, FIND_SINCE, FIND_YOUNGEST,
        OPEN_READER, READ_ON, CLOSE_READER, REOPEN, KILL
    }

    record Action(Kind kind, int producer, int key, int size) {
    }

    @Provide
    Arbitrary<List<Action>> lives() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(14, Kind.PUT), Tuple.of(4, Kind.PUT_OLDER),
                Tuple.of(4, Kind.DELETE), Tuple.of(10, Kind.PUT_IN_TRANSACTION), Tuple.of(3, Kind.PUT_IDEMPOTENT),
                Tuple.of(5, Kind.COMMIT), Tuple.of(4, Kind.ABORT), Tuple.of(3, Kind.CLAIM),
                Tuple.of(4, Kind.COMMIT_CLAIM), Tuple.of(2, Kind.ABORT_CLAIM), Tuple.of(6, Kind.ROLL),
                Tuple.of(5, Kind.STEP), Tuple.of(5, Kind.COMPACT), Tuple.of(2, Kind.WAIT),
                Tuple.of(1, Kind.RETAIN_BY_TIME), Tuple.of(1, Kind.RETAIN_BY_SIZE), Tuple.of(2, Kind.DELETE_RECORDS),
                Tuple.of(3, Kind.READ_FROM), Tuple.of(3, Kind.FIND_SINCE), Tuple.of(2, Kind.FIND_YOUNGEST),
                Tuple.of(3, Kind.OPEN_READER), Tuple.of(6, Kind.READ_ON), Tuple.of(1, Kind.CLOSE_READER),
                Tuple.of(1, Kind.REOPEN), Tuple.of(2, Kind.KILL));
        Arbitrary<Integer> small = Arbitraries.integers().between(0, 3);
        return Combinators.combine(kinds, small, small, Arbitraries.integers().between(0, 9000)).as(Action::new).list()
                .ofMinSize(10).ofMaxSize(80);
    }

    @Property(tries = 60)
    void aLogThatDoesAllItCanIsAListOfWhatItWasGiven(@ForAll("lives") List<Action> life, @ForAll Durability durability)
            throws IOException {
        Path root = Files.createTempDirectory("semel-whole-model");
        try (Life model = new Life(root, durability)) {
            for (Action action : life) {
                model.step(action);
            }
            model.finish();
        } finally {
            FileDisk.instance().delete(root);
        }
    }

    /** A reader that stays where it is while the log changes, and the offset that it has read up to. */
    private static final class Standing {
        final LogReader reader;
        long nextOffset;

        Standing(LogReader reader, long nextOffset) {
            this.reader = reader;
            this.nextOffset = nextOffset;
        }
    }

    private static final class Life implements AutoCloseable {
        /** The marks end half a MiB behind an open claim; appends would wait for it. */
        private static final long MAX_BEHIND_CLAIM_BYTES = 200_000;
        private static final RetentionConfig KEEP_ALL =
                new RetentionConfig(RetentionConfig.UNLIMITED, RetentionConfig.UNLIMITED, Long.MAX_VALUE);

        private final Path root;
        private final CompactionRig rig;
        private final List<Standing> readers = new ArrayList<>();
        private DirectClaim claim;
        private String claimedKey;
        private long claimedOffset;
        private long claimedAtBytes;
        private long start;
        /** Below it compaction may have been. */
        private long cleanedBelow;
        private int deaths;

        Life(Path root, Durability durability) throws IOException {
            this.root = root;
            CompactionConfig compaction = new CompactionConfig(CleanupPolicy.COMPACT_AND_DELETE,
                    CompactionRig.DELETE_RETENTION_MS, 0, Long.MAX_VALUE, 0);
            LogConfig config = Logs.SMALL.withCompaction(compaction).withRetention(KEEP_ALL)
                    .withDurability(durability);
            this.rig = new CompactionRig(new FaultyDisk().withoutForces(), root.resolve("life0"), config,
                    Folding.FROM_CHECKPOINT);
            this.claim = new DirectClaim(rig.log);
        }

        void step(Action action) throws IOException {
            if (claim.isOpen() && rig.log.sizeInBytes() - claimedAtBytes > MAX_BEHIND_CLAIM_BYTES) {
                commitClaim();
            }
            String key = "k" + action.key();
            String other = "k" + (action.key() + action.size()) % 7;
            long producer = action.producer();
            int size = action.size();
            switch (action.kind()) {
                case PUT -> rig.put(-1, false, rig.large(size), key, other);
                case PUT_OLDER -> putOlder(key, size);
                case DELETE -> rig.delete(key);
                case PUT_IN_TRANSACTION -> rig.put(producer, true, rig.large(size), key, other, key);
                case PUT_IDEMPOTENT -> rig.put(producer + 10, false, rig.large(size), key);
                case COMMIT -> end(producer, ControlType.COMMIT);
                case ABORT -> end(producer, ControlType.ABORT);
                case CLAIM -> openClaim(key, size);
                case COMMIT_CLAIM -> commitClaim();
                case ABORT_CLAIM -> claim.abort();
                case ROLL -> rig.roll("x");
                case STEP -> compactASlice();
                case COMPACT -> compact();
                case WAIT -> rig.nowMs += CompactionRig.DELETE_RETENTION_MS;
                case RETAIN_BY_TIME -> retain(new RetentionConfig(size, RetentionConfig.UNLIMITED, Long.MAX_VALUE));
                case RETAIN_BY_SIZE -> retain(
                        new RetentionConfig(RetentionConfig.UNLIMITED, 30L * size, Long.MAX_VALUE));
                case DELETE_RECORDS -> deleteRecords(size % (rig.guide.stableOffset() + 1));
                case READ_FROM -> readFrom(size % (rig.log.frontierOffset() + 2));
                case FIND_SINCE -> findSince(rig.nowMs - size / 2);
                case FIND_YOUNGEST -> findYoungest();
                case OPEN_READER -> openReader(size % (rig.log.readableOffset() + 1));
                case READ_ON -> readOn(size);
                case CLOSE_READER -> closeReader(size);
                case REOPEN -> reopen();
                case KILL -> kill();
            }
            check();
        }

        /** Clocks of producers differ. */
        private void putOlder(String key, int size) {
            long now = rig.nowMs;
            rig.nowMs -= size;
            rig.put(-1, false, rig.large(size), key);
            rig.nowMs = now;
        }

        private void end(long producer, ControlType type) {
            if (rig.openRecords.containsKey(producer)) {
                rig.end(producer, type);
            }
        }

        private void openClaim(String key, int size) {
            if (!claim.isOpen()) {
                claimedKey = key;
                claimedAtBytes = rig.log.sizeInBytes();
                do {
                    rig.log.doWork();
                    claimedOffset = claim.tryClaim(key.getBytes(UTF_8), 10 + size, rig.nowMs);
                } while (claimedOffset == Append.BACK_PRESSURED);
                assertTrue(claimedOffset >= 0, () -> Append.describe(claimedOffset));
            }
        }

        private void commitClaim() {
            if (claim.isOpen()) {
                String value = rig.large(claim.value().remaining());
                claim.value().put(value.getBytes(UTF_8));
                rig.written.put(claimedOffset, new Written(claimedOffset, claimedKey, value, -1, claim.openedMs()));
                claim.commit();
            }
        }

        private void compactASlice() {
            rig.nowMs += Compactor.BACK_OFF_MS;
            cleanedBelow = Math.max(cleanedBelow, rig.guide.stableOffset());
            rig.step();
        }

        private void compact() {
            Logs.settle(rig.log);
            cleanedBelow = Math.max(cleanedBelow, rig.guide.stableOffset());
            rig.compact();
        }

        /** Until nothing more is done, as the cleaner's thread does. What goes is as old, or as much too much, as was said. */
        private void retain(RetentionConfig limits) {
            Logs.settle(rig.log);
            List<Found> before = rig.read();
            long stable = rig.guide.stableOffset();
            rig.log.retain(limits);
            while (rig.log.clean(rig.nowMs, stable) > 0) {
                Logs.settle(rig.log);
            }
            rig.log.retain(KEEP_ALL);
            long moved = rig.log.startOffset();
            assertTrue(start <= moved && moved <= stable, () -> moved + " is not in " + start + ".." + stable);
            if (moved > start && limits.retentionBytes() >= 0) {
                assertTrue(rig.log.sizeInBytes() >= limits.retentionBytes(), rig.log::toString);
            }
            for (Found gone : before) {
                boolean young = rig.nowMs - timestampOf(gone.offset()) <= limits.retentionMs();
                assertFalse(gone.offset() < moved && young && limits.retentionMs() >= 0, gone::toString);
            }
            start = moved;
        }

        private void deleteRecords(long offset) throws IOException {
            // What a log can delete it forces first, and what stands behind an open claim it can't.
            if (!claim.isOpen()) {
                start = Math.max(start, offset);
                assertEquals(start, rig.log.deleteRecordsBefore(offset));
                findSince(0);
                findYoungest();
            }
        }

        private long timestampOf(long offset) {
            return rig.written.get(offset).timestampMs();
        }

        private void readFrom(long offset) {
            Set<Long> shown = new TreeSet<>();
            try (LogReader reader = rig.log.openReader()) {
                reader.seek(offset);
                while (reader.next(rig.log.readablePosition())) {
                    offsetsIn(reader).stream().filter(each -> each >= Math.max(offset, start)).forEach(shown::add);
                }
            }
            Set<Long> expected = new TreeSet<>(offsets());
            expected.removeIf(each -> each < offset);
            assertEquals(expected, shown);
        }

        private Set<Long> offsets() {
            Set<Long> offsets = new TreeSet<>();
            rig.read().forEach(record -> offsets.add(record.offset()));
            return offsets;
        }

        /** Of the batch shown; each of its records is what was written there. */
        private List<Long> offsetsIn(LogReader reader) {
            assertTrue(reader.batch().isCrcValid(), reader.batch()::toString);
            List<Long> offsets = new ArrayList<>();
            RecordCursor cursor = new RecordCursor().wrap(reader.batch());
            while (!reader.batch().isControl() && cursor.next()) {
                Written original = rig.written.get(cursor.offset());
                assertEquals(original.key(), CompactionRig.text(cursor.copyKey()));
                assertEquals(original.value(), CompactionRig.text(cursor.copyValue()));
                offsets.add(cursor.offset());
            }
            return offsets;
        }

        private void findSince(long timestampMs) {
            long expected = offsets().stream().filter(offset -> timestampOf(offset) >= timestampMs).findFirst()
                    .orElse(-1L);
            assertEquals(expected, rig.log.offsetForTimestamp(timestampMs).offset());
        }

        private void findYoungest() {
            long youngest = -1;
            for (long offset : offsets()) {
                if (youngest < 0 || timestampOf(offset) > timestampOf(youngest)) {
                    youngest = offset;
                }
            }
            assertEquals(youngest, rig.log.offsetOfMaxTimestamp().offset());
        }

        private void openReader(long offset) {
            LogReader reader = rig.log.openReader();
            reader.seek(offset);
            readers.add(new Standing(reader, Math.max(offset, start)));
        }

        /** It shows what was written and leaves nothing out that still stands, whatever became of its segment. */
        private void readOn(int size) {
            if (!readers.isEmpty()) {
                readOn(readers.get(size % readers.size()), size % 40);
            }
        }

        private void readOn(Standing standing, int batches) {
            Set<Long> left = offsets();
            for (int count = batches; count >= 0; count--) {
                left.removeIf(offset -> offset < standing.nextOffset);
                if (!standing.reader.next(rig.log.readablePosition())) {
                    assertEquals(Set.of(), left, "left out");
                    return;
                }
                offsetsIn(standing.reader);
                long baseOffset = standing.reader.batch().baseOffset();
                assertTrue(left.stream().noneMatch(offset -> offset < baseOffset), () -> baseOffset + " before "
                        + left);
                standing.nextOffset = standing.reader.batch().nextOffset();
            }
        }

        private void closeReader(int size) {
            if (!readers.isEmpty()) {
                readers.remove(size % readers.size()).reader.close();
            }
        }

        private void reopen() throws IOException {
            leaveReaders();
            claim.abort();
            String state = rig.guide.state();
            rig.reopen();
            claim = new DirectClaim(rig.log);
            assertEquals(state, rig.guide.state());
        }

        /** An open claim is lost with the process, and so is what stands behind it. */
        private void kill() throws IOException {
            leaveReaders();
            String state = rig.guide.state();
            Path dead = rig.directory;
            DirectClaim open = claim;
            rig.kill(root.resolve("life" + ++deaths), open::abort);
            claim = new DirectClaim(rig.log);
            assertEquals(state, rig.guide.state());
            FileDisk.instance().delete(dead);
        }

        private void leaveReaders() {
            readers.forEach(standing -> standing.reader.close());
            readers.clear();
        }

        private void check() throws IOException {
            assertEquals(start, rig.log.startOffset());
            long compacted = rig.log.compaction().compactedOffset();
            assertTrue(compacted <= CheckpointFiles.load(FileDisk.instance(), rig.directory, Durability.POWER)
                    .lowestSummedOffset());
            Set<Long> found = offsets();
            Map<String, Long> superseding = rig.newestOffsetsBelow(cleanedBelow);
            for (Written record : rig.written.values()) {
                boolean shown = start <= record.offset() && record.offset() < rig.log.readableOffset();
                if (shown && !found.contains(record.offset())) {
                    assertTrue(mayBeGone(record, superseding), () -> record + " is gone");
                }
            }
            Map<String, String> expected = rig.expectedBelow(rig.guide.stableOffset());
            Map<String, Long> newest = rig.newestOffsetsBelow(rig.guide.stableOffset());
            expected.keySet().removeIf(key -> newest.get(key) < start);
            assertEquals(expected, rig.committed());
        }

        private boolean mayBeGone(Written record, Map<String, Long> superseding) {
            boolean aborted = rig.endOf.get(record.offset()) == ControlType.ABORT;
            boolean superseded = superseding.getOrDefault(record.key(), -1L) > record.offset();
            boolean expired = record.value() == null
                    && rig.nowMs >= record.timestampMs() + CompactionRig.DELETE_RETENTION_MS;
            return record.offset() < cleanedBelow && (aborted || superseded || expired);
        }

        void finish() throws IOException {
            commitClaim();
            openReader(start);
            for (long producer : List.copyOf(rig.openRecords.keySet())) {
                rig.end(producer, ControlType.ABORT);
            }
            for (int round = 0; round < 3; round++) {
                rig.roll("x");
                compact();
                check();
                findYoungest();
            }
            readers.forEach(standing -> readOn(standing, Integer.MAX_VALUE));
            reopen();
            check();
            findSince(0);
            assertEquals(List.of(), Logs.files(rig.directory, SwapFile.SWAP_SUFFIX));
        }

        @Override
        public void close() throws IOException {
            leaveReaders();
            claim.abort();
            rig.close();
        }
    }
}
