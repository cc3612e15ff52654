package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * Finds the good prefix of a log and folds it, then repairs the files. Reads through the file channel, never the mapping:
 * a medium error is then an exception and not the JVM's end.
 *
 * <ol>
 * <li>Segments are taken in the order of their base offsets; the first must begin at 0, each other one where the one
 * before it ended.
 * <li>A batch is accepted if its magic, bounds and CRC are good, its base offset is exactly the next one and its leader
 * epoch is not below the last.
 * <li>At the first batch that fails the log ends, and later segments are surplus: nothing past the frontier was ever
 * acknowledged or shown (L2). A sealed segment that was not finished has unused bytes behind its last batch; if the next
 * one begins at its end, the log goes on there.
 * <li>Unless the segment, or a later one, has its index file: then it was complete and forced, the failure is damage and
 * not a torn tail, and the log stays offline with all its files ({@link CorruptLogException}).
 * <li>{@link #scan} changes nothing. {@link #repair} deletes what is surplus, cuts, and forces the cut before the log
 * takes appends. Running all this twice, or again after a crash within, gives the same (L3).
 * </ol>
 */
final class LogRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogRecovery.class);

    /** Read in windows of this size; a larger batch gets a window of its own. */
    private static final int WINDOW_BYTES = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final LogFold fold;
    private final RecordBatchView view = new RecordBatchView();
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
    private long windowStart;
    private long nextPosition;
    private long nextOffset = -1;
    private int leaderEpoch = -1;
    /** The segment under scan has its index; compaction may have left gaps between its offsets. */
    private boolean complete;
    private final List<RecoveredSegment> good = new ArrayList<>();
    private final List<RecoveredSegment> torn = new ArrayList<>();
    private final List<Path> surplus = new ArrayList<>();

    LogRecovery(Disk disk, Path directory, LogConfig config, LogFold fold) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.fold = fold;
    }

    /** Finds and folds the good segments, in order; empty for a new log. */
    List<RecoveredSegment> scan() throws IOException {
        List<Path> files = logFiles();
        for (int index = 0; index < files.size(); index++) {
            long baseOffset = Segment.baseOffsetOf(files.get(index));
            if (index == 0 && baseOffset != 0) {
                // Nothing deletes old segments yet, so every log begins at 0.
                throw new CorruptLogException("segment missing: " + directory.resolve(Segment.fileName(0,
                        Segment.LOG_SUFFIX)) + " is not there, but " + files.get(0)
                        + " is; nothing was changed. Restore"
                        + " the file from a backup, or remove the partition's directory to give its records up");
            }
            if (nextOffset >= 0 && baseOffset != nextOffset) {
                // The one before included: if it was complete, then this one cannot begin elsewhere.
                refuseIfComplete(files, index - 1, "ends before offset " + nextOffset + ", but " + files.get(index)
                        + " comes next");
                surplus.addAll(files.subList(index, files.size()));
                break;
            }
            nextOffset = baseOffset;
            good.add(scan(files, index, baseOffset));
        }
        return good;
    }

    /** Whether anything is to be cut or left unused at the end, so that the last owner did not close the log. */
    boolean endedUncleanly() {
        return !torn.isEmpty() || !surplus.isEmpty();
    }

    /** The leader epoch of the last good batch; -1 when there is none. */
    int leaderEpoch() {
        return leaderEpoch;
    }

    /** The offset after the last good record. */
    long endOffset() {
        return Math.max(0, nextOffset);
    }

    private RecoveredSegment scan(List<Path> files, int index, long baseOffset) throws IOException {
        Path path = files.get(index);
        OffsetIndex offsets = new OffsetIndex();
        long basePosition = nextPosition;
        windowStart = -1;
        complete = disk.exists(Segment.indexOf(path));
        try (DiskFile file = disk.open(path)) {
            long size = file.size();
            int position = 0;
            String fault = null;
            while (position < size) {
                fault = check(file, position, size);
                if (fault != null) {
                    break;
                }
                if (position - offsets.lastPosition() >= config.indexIntervalBytes()) {
                    offsets.add((int) (view.baseOffset() - baseOffset), position);
                }
                fold.apply(view, basePosition + position);
                nextOffset = view.nextOffset();
                leaderEpoch = view.leaderEpoch();
                position += view.sizeInBytes();
            }
            nextPosition = basePosition + position;
            RecoveredSegment segment = new RecoveredSegment(path, baseOffset, basePosition, position,
                    (int) (nextOffset - baseOffset), offsets);
            if (fault != null) {
                refuseIfComplete(files, index, "at position " + position + ": " + fault);
                torn.add(segment);
                if (!fault.equals(BatchCheck.EMPTY.name())) {
                    LOGGER.warn(
                            "{} is cut at position {}, offset {}: {}. A batch that a killed process had not finished looks"
                                    + " like this, and so does damage", path, position, nextOffset, fault);
                }
            }
            return segment;
        }
    }

    /** Makes the files hold what {@link #scan} found, and nothing else. */
    void repair() throws IOException {
        // From the end, so that a crash in between leaves a log that ends earlier and not one with a gap.
        for (int index = surplus.size() - 1; index >= 0; index--) {
            disk.delete(surplus.get(index));
        }
        for (RecoveredSegment segment : torn) {
            try (DiskFile file = disk.open(segment.path())) {
                file.truncate(segment.lengthBytes());
                file.force();
            }
        }
        for (int index = 0; index < good.size() - 1; index++) {
            restoreIndex(good.get(index));
        }
    }

    private void restoreIndex(RecoveredSegment segment) throws IOException {
        Path path = Segment.indexOf(segment.path());
        ByteBuffer right = segment.index().encode();
        if (!disk.exists(path) || !disk.read(path).equals(right)) {
            try (DiskFile file = disk.open(segment.path())) {
                file.force();
            }
            disk.replace(path, right);
        }
    }

    /** Puts {@link #view} on the batch at {@code position}; returns what is wrong with it, or null when it is good. */
    private String check(DiskFile file, int position, long size) throws IOException {
        int wanted = (int) Math.min(size - position, RecordBatchLayout.HEADER_LENGTH);
        load(file, position, wanted);
        if (wanted >= RecordBatchLayout.LOG_OVERHEAD) {
            long claimed = (long) RecordBatchLayout.sizeInBytes(window, windowIndex(position));
            if (claimed > RecordBatchLayout.LOG_OVERHEAD && claimed <= size - position) {
                load(file, position, (int) claimed);
            }
        }
        int at = windowIndex(position);
        BatchCheck outcome = RecordBatchView.check(window, at, window.limit());
        if (outcome != BatchCheck.WHOLE) {
            return outcome.name();
        }
        view.wrap(window, at);
        if (complete ? view.baseOffset() < nextOffset : view.baseOffset() != nextOffset) {
            return "base offset " + view.baseOffset() + ", expected " + nextOffset;
        }
        if (view.leaderEpoch() < leaderEpoch) {
            return "leader epoch " + view.leaderEpoch() + " below " + leaderEpoch;
        }
        return null;
    }

    private int windowIndex(int position) {
        return (int) (position - windowStart);
    }

    /** Makes [position, position + length) of the file stand in the window. */
    private void load(DiskFile file, int position, int length) throws IOException {
        boolean held = windowStart >= 0 && position >= windowStart
                && position + (long) length <= windowStart + window.limit();
        if (!held) {
            if (length > window.capacity()) {
                window = ByteBuffer.allocate(length);
            }
            window.clear();
            file.read(window, position);
            window.flip();
            windowStart = position;
        }
    }

    private void refuseIfComplete(List<Path> files, int index, String fault) throws CorruptLogException {
        for (Path file : files.subList(index, files.size())) {
            Path indexFile = Segment.indexOf(file);
            if (disk.exists(indexFile)) {
                throw new CorruptLogException("log damaged: " + files.get(index) + " " + fault + ", but " + indexFile
                        + " says that this part was complete and on the medium; nothing was cut. Restore the file from a"
                        + " backup, or remove the partition's directory to give its records up");
            }
        }
    }

    private List<Path> logFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : disk.list(directory)) {
            if (path.getFileName().toString().endsWith(Segment.LOG_SUFFIX)) {
                files.add(path);
            }
        }
        return files;
    }
}
