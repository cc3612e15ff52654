package io.semel.log;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;

/**
 * The indexes of one segment through its life: growing with it in memory; once it is finished read from their files when
 * somebody needs them, and given up when memory is short.
 *
 * <p>What a file says is believed only as far as the batches bear it out: an entry when the batch at its position ends with
 * its offset (and has its timestamp), the largest timestamp when nothing behind its entry is younger. Else the indexes are built
 * anew from the batches, and written by the flusher.
 *
 * <p>Thread rule: {@link #take} and {@link #finish} by one thread at a time; the rest by any thread that holds a lease on
 * the buffer that it gives, one of those in which the segment is mapped.
 */
final class SegmentIndexes {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentIndexes.class);

    private final Disk disk;
    private final Path logFile;
    private final long baseOffset;
    private final int intervalBytes;
    /** Null once the segment is finished. */
    private volatile SegmentIndex growing;
    private volatile SoftReference<SegmentIndex> loaded = new SoftReference<>(null);
    private volatile int lengthBytes;
    private volatile int recordSpan;
    /** The files are not there, or not right. */
    private volatile boolean wrong;

    private SegmentIndexes(Disk disk, Path logFile, long baseOffset, int intervalBytes) {
        this.disk = disk;
        this.logFile = logFile;
        this.baseOffset = baseOffset;
        this.intervalBytes = intervalBytes;
    }

    /** Those of a segment to which batches are still added, as far as they have come. */
    static SegmentIndexes growing(Disk disk, Path logFile, long baseOffset, int intervalBytes,
            SegmentIndex index) {
        SegmentIndexes indexes = new SegmentIndexes(disk, logFile, baseOffset, intervalBytes);
        indexes.growing = index;
        return indexes;
    }

    /** Those of a finished segment; {@code found} when recovery has just walked it. */
    static SegmentIndexes finished(Disk disk, RecoveredSegment segment, int intervalBytes) {
        SegmentIndexes indexes = new SegmentIndexes(disk, segment.path(), segment.baseOffset(), intervalBytes);
        indexes.lengthBytes = segment.lengthBytes();
        indexes.recordSpan = segment.recordSpan();
        indexes.loaded = new SoftReference<>(segment.index().orElse(null));
        indexes.wrong = !disk.exists(SegmentNames.indexOf(segment.path())) || !disk.exists(SegmentNames.timeIndexOf(
                segment
                        .path()));
        return indexes;
    }

    /** Takes in the next batch. */
    void take(RecordBatchView batch, int position) {
        growing.take(batch, position, baseOffset, intervalBytes);
    }

    /** Readies room for the entries of a segment of {@code length} bytes, while it grows. */
    void prepare(int length) {
        SegmentIndex current = growing;
        if (current != null) {
            current.prepare(length, intervalBytes);
        }
    }

    /** What a checkpoint keeps of a segment that still grows. */
    SegmentIndex.Image image() {
        SegmentIndex current = growing;
        return current == null ? SegmentIndex.Image.NOTHING : current.image();
    }

    /** Writes the indexes of a segment that is complete and on the medium, and lets go of them. */
    void finish(int length, int span) throws IOException {
        SegmentIndex whole = growing;
        whole.complete();
        IndexFiles.write(disk, logFile, whole);
        lengthBytes = length;
        recordSpan = span;
        loaded = new SoftReference<>(whole);
        growing = null;
    }

    /** Writes the files anew if they were found wrong. Returns the number of things done. */
    int restore(ByteBuffer buffer) throws IOException {
        if (!wrong || growing != null) {
            return 0;
        }
        IndexFiles.write(disk, logFile, whole(buffer));
        wrong = false;
        return 1;
    }

    /** Where to begin walking towards {@code offset}: the start of a batch at or before it, or of the segment. */
    int floorPosition(ByteBuffer buffer, long offset) {
        SegmentIndex current = growing;
        if (current != null) {
            return current.offsets().floorPosition(offset - baseOffset);
        }
        long entry = whole(buffer).offsets().floorEntry(offset - baseOffset);
        if (!holds(buffer, entry)) {
            entry = rebuilt(buffer, "no batch where the offset index says").offsets().floorEntry(offset - baseOffset);
        }
        return (int) entry;
    }

    /** Where to begin walking towards the first batch that is at least as young as {@code timestamp}. */
    int positionBefore(ByteBuffer buffer, long timestamp) {
        SegmentIndex current = growing;
        if (current != null) {
            int entry = current.times().lastBelow(timestamp);
            return entry < 0 ? 0 : current.offsets().floorPosition(current.times().relativeOffset(entry));
        }
        SegmentIndex index = whole(buffer);
        int entry = index.times().lastBelow(timestamp);
        if (entry >= 0 && !holds(buffer, index.times(), entry)) {
            index = rebuilt(buffer, "no batch as young as the time index says");
            entry = index.times().lastBelow(timestamp);
        }
        return entry < 0 ? 0 : floorPosition(buffer, baseOffset + index.times().relativeOffset(entry));
    }

    /** The largest timestamp of the segment's batches, or {@link TimeIndex#NO_TIMESTAMP}. */
    long maxTimestamp(ByteBuffer buffer) {
        SegmentIndex current = growing;
        return current != null ? current.maxTimestamp() : whole(buffer).maxTimestamp();
    }

    private SegmentIndex whole(ByteBuffer buffer) {
        SegmentIndex index = loaded.get();
        return index != null ? index : load(buffer);
    }

    private synchronized SegmentIndex load(ByteBuffer buffer) {
        SegmentIndex index = loaded.get();
        if (index == null) {
            Optional<SegmentIndex> read = read();
            if (read.isEmpty() || !endsRight(buffer, read.get())) {
                return rebuilt(buffer, "index files missing, or not of this segment");
            }
            index = read.get();
            loaded = new SoftReference<>(index);
        }
        return index;
    }

    private Optional<SegmentIndex> read() {
        try {
            return IndexFiles.load(disk, logFile, lengthBytes, recordSpan);
        } catch (IOException e) {
            LOGGER.warn("indexes of {} can't be read: {}", logFile, e.toString());
            return Optional.empty();
        }
    }

    /**
     * An index file that was cut at an entry would hide how young the segment is, or that its end is indexed: nothing past
     * the last entries may be younger, or further away than the interval.
     */
    private boolean endsRight(ByteBuffer buffer, SegmentIndex index) {
        TimeIndex times = index.times();
        int last = times.count() - 1;
        long floor = last < 0 ? 0 : index.offsets().floorEntry(times.relativeOffset(last));
        if (last < 0 || !holds(buffer, floor) || !holds(buffer, times, last, (int) floor)) {
            return false;
        }
        int position = (int) floor;
        while (position < lengthBytes) {
            boolean unindexed = position - index.offsets().lastPosition() >= intervalBytes;
            if (unindexed || RecordBatchLayout.maxTimestamp(buffer, position) > times.lastTimestamp()) {
                return false;
            }
            position += sizeAt(buffer, position);
        }
        return true;
    }

    /** Whether the batch stands where an entry of the offset index says; no entry says nothing wrong. */
    private boolean holds(ByteBuffer buffer, long entry) {
        int position = (int) entry;
        return entry == 0 || RecordBatchView.check(buffer, position, lengthBytes) == BatchCheck.WHOLE
                && RecordBatchLayout.lastOffset(buffer, position) == baseOffset + (entry >>> 32);
    }

    private boolean holds(ByteBuffer buffer, TimeIndex times, int entry) {
        return holds(buffer, times, entry, floorPosition(buffer, baseOffset + times.relativeOffset(entry)));
    }

    /** Whether a batch ends with the entry's offset, and is as young as the entry says. */
    private boolean holds(ByteBuffer buffer, TimeIndex times, int entry, int floor) {
        long offset = baseOffset + times.relativeOffset(entry);
        int position = floor;
        while (position < lengthBytes && RecordBatchLayout.lastOffset(buffer, position) < offset) {
            position += sizeAt(buffer, position);
        }
        return position < lengthBytes && RecordBatchLayout.lastOffset(buffer, position) == offset
                && RecordBatchLayout.maxTimestamp(buffer, position) == times.timestamp(entry);
    }

    private synchronized SegmentIndex rebuilt(ByteBuffer buffer, String why) {
        LOGGER.warn("indexes of {} are built anew: {}", logFile, why);
        SegmentIndex index = new SegmentIndex();
        RecordBatchView batch = new RecordBatchView();
        int position = 0;
        while (position < lengthBytes) {
            int size = sizeAt(buffer, position);
            index.take(batch.wrap(buffer, position), position, baseOffset, intervalBytes);
            position += size;
        }
        index.complete();
        wrong = true;
        loaded = new SoftReference<>(index);
        return index;
    }

    private int sizeAt(ByteBuffer buffer, int position) {
        int left = lengthBytes - position;
        int size = left < RecordBatchLayout.HEADER_LENGTH ? 0 : RecordBatchLayout.sizeInBytes(buffer, position);
        if (size < RecordBatchLayout.HEADER_LENGTH || size > left) {
            throw new CorruptBatchException("log damaged: " + logFile + " at position " + position
                    + ": no batch of " + size + " bytes can stand here, the segment ends at " + lengthBytes
                    + ". Restore the file from a backup");
        }
        return size;
    }
}
