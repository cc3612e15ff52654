package io.semel.log.compaction;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * Cleans the segments of a log run by run, from its first on: the segments of a run become one. It does so in slices, so
 * that whoever drives it decides how much the disk has to do at a time.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class RunCleaner implements AutoCloseable {
    private final Disk disk;
    private final BatchWalk walk = new BatchWalk();
    private final CleanedFile target = new CleanedFile();
    private final BatchFilter filter;
    private final CompactionProgress progress;
    private List<Source> run = List.of();
    private int segmentBytes;
    private int current;
    /** Of the current segment; null between runs. */
    private DiskFile file;

    /** A finished segment's file, and how much of it are batches. */
    public record Source(Path path, int lengthBytes) {
    }

    /** Told of every batch that is written, in order. */
    @FunctionalInterface
    public interface Placement {
        /** @param position in the cleaned file */
        void placed(RecordBatchView batch, int position);
    }

    public RunCleaner(Disk disk, CleaningRules rules, CompactionProgress progress) {
        this.disk = disk;
        this.progress = progress;
        this.filter = new BatchFilter(rules, progress, target);
    }

    /**
     * Begins the next run; it must go on where the one before ended. Of the segments given it takes the first, and another
     * one as long as what is left does not fill half of {@code segmentBytes}: so what is left of many makes few files, and
     * none becomes longer than one and a half segments.
     */
    public void begin(List<Source> segments, int segmentBytes, DiskFile cleaned, Placement placement)
            throws IOException {
        run = segments;
        this.segmentBytes = segmentBytes;
        target.begin(cleaned, placement);
        filter.takeChanged();
        enter(0);
    }

    private void enter(int index) throws IOException {
        close();
        current = index;
        file = disk.open(run.get(index).path());
        walk.begin(file, run.get(index).lengthBytes());
    }

    /** Reads about {@code maxBytes} further, a batch at least. Returns whether the run is read to its end. */
    public boolean step(long maxBytes) throws IOException {
        long writtenBefore = target.lengthBytes();
        try {
            return isReadAfter(maxBytes);
        } finally {
            progress.wrote(target.lengthBytes() - writtenBefore);
        }
    }

    private boolean isReadAfter(long maxBytes) throws IOException {
        long bytes = 0;
        while (bytes < maxBytes) {
            if (!walk.next()) {
                enter(current + 1);
                continue;
            }
            RecordBatchView batch = walk.batch();
            bytes += batch.sizeInBytes();
            progress.read(batch.sizeInBytes());
            if (walk.isAtEnd() && !goesOnAfter(batch)) {
                filter.judge(batch, BatchFilter.Place.LAST);
                close();
                return true;
            }
            filter.judge(batch, BatchFilter.Place.WITHIN);
        }
        return false;
    }

    private boolean goesOnAfter(RecordBatchView lastOfSegment) {
        return current + 1 < run.size()
                && target.lengthBytes() + lastOfSegment.sizeInBytes() <= segmentBytes / 2;
    }

    /** How many of the segments given are in the run, once it is read to its end. */
    public int segmentCount() {
        return current + 1;
    }

    /** Whether the cleaned file differs from the segments of the run; when it does not, it is not needed. */
    public boolean hasChanged() {
        return filter.takeChanged() | segmentCount() > 1;
    }

    /** Brings the cleaned file to the medium; returns its length in bytes. */
    public int finish() throws IOException {
        target.finish();
        return Math.toIntExact(target.lengthBytes());
    }

    /** Lets go of the segment that is read. */
    @Override
    public void close() throws IOException {
        DiskFile read = file;
        file = null;
        if (read != null) {
            read.close();
        }
    }
}
