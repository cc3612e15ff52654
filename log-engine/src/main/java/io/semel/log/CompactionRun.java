package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.compaction.RunCleaner;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * Adjacent finished segments that are cleaned into one.
 *
 * <p>The cleaned file is forced, gets its index, and is then renamed to {@code .swap}: with that name durable in the
 * directory the old segments count no more, whatever happens. Before it, the cleaned file is nobody's data.
 *
 * <p>Thread rule: one thread at a time.
 */
final class CompactionRun {
    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final List<Segment> candidates;
    /** Its end is that of the last candidate until the run is read. */
    private SwapFile name;
    private final RunCleaner cleaner;
    /** The cleaned file and its first name. */
    private final DiskFile cleaned;
    private final Path begun;
    private final SegmentIndex index = new SegmentIndex();
    private boolean isRead;

    private CompactionRun(Disk disk, Path directory, LogConfig config, List<Segment> candidates, SwapFile name,
            RunCleaner cleaner, DiskFile cleaned) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.candidates = candidates;
        this.name = name;
        this.cleaner = cleaner;
        this.cleaned = cleaned;
        this.begun = path(SwapFile.CLEANED_SUFFIX);
    }

    /** @param candidates finished and adjacent; as many of them as fit become one, and the first at least */
    static CompactionRun begin(Disk disk, Path directory, LogConfig config, List<Segment> candidates, int generation,
            RunCleaner cleaner) throws IOException {
        SwapFile name = new SwapFile(candidates.get(0).baseOffset(),
                candidates.get(candidates.size() - 1).claimedOffset(), generation);
        Path path = directory.resolve(name.name(SwapFile.CLEANED_SUFFIX));
        disk.delete(path);
        CompactionRun run = new CompactionRun(disk, directory, config, candidates, name, cleaner, disk.open(path));
        List<RunCleaner.Source> sources = new ArrayList<>();
        for (Segment segment : candidates) {
            sources.add(new RunCleaner.Source(segment.path(), segment.sizeInBytes()));
        }
        cleaner.begin(sources, config.segmentBytes(), run.cleaned, run::index);
        return run;
    }

    private void index(RecordBatchView batch, int position) {
        index.take(batch, position, name.baseOffset(), config.indexIntervalBytes());
    }

    /** What is cleaned: all candidates until the run is read, and then those that are in it. */
    List<Segment> segments() {
        return candidates.subList(0, isRead ? cleaner.segmentCount() : candidates.size());
    }

    /** Reads about {@code maxBytes}; returns whether all is read. */
    boolean step(long maxBytes) throws IOException {
        isRead = cleaner.step(maxBytes);
        return isRead;
    }

    /** Whether anything is gained: when not, {@link #abandon}. */
    boolean hasChanged() {
        return cleaner.hasChanged();
    }

    /**
     * Makes the cleaned file count instead of the old ones, durably, and maps it. It ends at the position where the last of
     * them ends, so that every bound of readers that lay behind the run lies behind it still.
     *
     * @throws IOException when it may or may not count; either is right, the old segments being no less good
     */
    Segment commit() throws IOException {
        int lengthBytes = cleaner.finish();
        cleaned.close();
        Segment last = segments().get(segments().size() - 1);
        name = new SwapFile(name.baseOffset(), last.claimedOffset(), name.generation());
        index.complete();
        IndexFiles.write(disk, path(SwapFile.SWAP_SUFFIX), index);
        disk.rename(begun, path(SwapFile.SWAP_SUFFIX));
        disk.forceDirectory(directory);
        return Segment.recovered(disk, new RecoveredSegment(path(SwapFile.SWAP_SUFFIX), name.baseOffset(),
                last.endPosition() - lengthBytes, lengthBytes, (int) (name.endOffset() - name.baseOffset()),
                Optional.of(index)), config, SegmentUse.READ);
    }

    /** Deletes what was written, whatever its name is by now. Nothing may have it mapped. */
    void abandon() throws IOException {
        cleaner.close();
        cleaned.close();
        disk.delete(begun);
        disk.delete(path(SwapFile.SWAP_SUFFIX));
        disk.delete(path(SegmentNames.INDEX_SUFFIX));
        disk.delete(path(SegmentNames.TIME_INDEX_SUFFIX));
    }

    private Path path(String suffix) {
        return directory.resolve(name.name(suffix));
    }

    @Override
    public String toString() {
        return "CompactionRun{" + name + ", segments=" + segments().size() + '}';
    }
}
