package io.semel.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the tests of the log share: small logs, killed copies, and reading that checks all it reads. */
final class Logs {
    static final LogConfig SMALL = new LogConfig(LogConfig.MIN_SEGMENT_BYTES, LogConfig.MIN_SEGMENT_BYTES, 512);

    static final LogFold NOTHING = (batch, position) -> {
    };

    private Logs() {
    }

    /** One batch as a reader or a fold saw it. */
    record Seen(long baseOffset, long nextOffset, long position, int crc, int leaderEpoch) {
        static Seen of(RecordBatchView batch, long position) {
            return new Seen(batch.baseOffset(), batch.nextOffset(), position, batch.crc(), batch.leaderEpoch());
        }
    }

    /** A fold that remembers everything. */
    static final class Remember implements LogFold {
        final List<Seen> seen = new ArrayList<>();

        @Override
        public void apply(RecordBatchView batch, long position) {
            assertTrue(batch.isCrcValid(), batch::toString);
            seen.add(Seen.of(batch, position));
        }
    }

    static Log open(Path directory) throws IOException {
        return open(FileDisk.instance(), directory, NOTHING);
    }

    static Log open(Disk disk, Path directory, LogFold fold) throws IOException {
        return Log.open(disk, directory, SMALL, fold);
    }

    /** Appends and steps the log until it is taken. */
    static long append(Log log, Claim claim, ByteBuffer batch) {
        long code = log.append(claim, batch);
        while (code == Append.BACK_PRESSURED) {
            log.doWork();
            Thread.yield();
            code = log.append(claim, batch);
        }
        return code;
    }

    /** Appends batches with these numbers; returns what the log gave each. */
    static List<Long> appendNumbers(Log log, long from, long to) {
        TestBatches batches = new TestBatches();
        Claim claim = new Claim();
        List<Long> offsets = new ArrayList<>();
        for (long number = from; number < to; number++) {
            long offset = append(log, claim, batches.batch(number));
            assertTrue(offset >= 0, Append.describe(offset));
            offsets.add(offset);
        }
        return offsets;
    }

    /** Everything below the frontier; checks CRC, dense offsets and contiguous positions on the way. */
    static List<Seen> readAll(Log log) {
        List<Seen> seen = new ArrayList<>();
        try (LogReader reader = log.openReader()) {
            long position = reader.position();
            long offset = log.startOffset();
            while (reader.next(log.frontierPosition())) {
                RecordBatchView batch = reader.batch();
                assertTrue(batch.isCrcValid(), batch::toString);
                assertEquals(offset, batch.baseOffset());
                seen.add(Seen.of(batch, position));
                offset = batch.nextOffset();
                position = reader.position();
            }
            assertEquals(log.frontierOffset(), offset);
        }
        return seen;
    }

    /** The numbers that the batches bear, in log order. */
    static List<Long> readNumbers(Log log) {
        TestBatches batches = new TestBatches();
        List<Long> numbers = new ArrayList<>();
        readAll(log);
        try (LogReader reader = log.openReader()) {
            while (reader.next(log.frontierPosition())) {
                numbers.add(batches.number(reader.batch()));
            }
        }
        return numbers;
    }

    /** What {@code kill -9} at this moment leaves behind: the page cache's view of an open log. */
    static Path killedCopy(Path directory, Path target) {
        try (Stream<Path> files = Files.list(directory)) {
            Files.createDirectories(target);
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The log's files with this ending, in order. */
    static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }

    /** Finishes every segment that the frontier has left. */
    static void settle(Log log) {
        while (log.doWork() + log.flush() > 0) {
            Thread.onSpinWait();
        }
    }

    /** What opening does when both checkpoints are lost, or none was ever taken. */
    static void forgetCheckpoints(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(CheckpointFiles.FIRST_NAME));
        Files.deleteIfExists(directory.resolve(CheckpointFiles.SECOND_NAME));
    }

    /** A fold that remembers everything, can be written down, and keeps a position that must be found anew. */
    static final class Sum implements SnapshottableFold {
        private final List<Long> offsets = new ArrayList<>();
        private final List<Integer> crcs = new ArrayList<>();
        private long end;
        private long lastPosition;
        int applied;

        @Override
        public void apply(RecordBatchView batch, long position) {
            offsets.add(batch.baseOffset());
            crcs.add(batch.crc());
            end = batch.nextOffset();
            lastPosition = position;
            applied++;
        }

        @Override
        public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
            sink.putLong(end).putInt(offsets.size());
            for (int index = 0; index < offsets.size(); index++) {
                sink.putLong(offsets.get(index)).putInt(crcs.get(index));
            }
        }

        @Override
        public void restoreSnapshot(ByteBuffer source, Positions positions) throws IOException {
            end = source.getLong();
            for (int left = source.getInt(); left > 0; left--) {
                offsets.add(source.getLong());
                crcs.add(source.getInt());
            }
            lastPosition = offsets.isEmpty() ? 0 : positions.of(offsets.get(offsets.size() - 1));
        }

        List<Object> state() {
            return List.of(offsets, crcs, end, lastPosition);
        }
    }
}
