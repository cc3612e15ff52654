package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.semel.log.memory.Disk;

/**
 * Gives compacted segments the place of those that they replace, before anything else looks at the log.
 *
 * <ol>
 * <li>{@code .cleaned} files and indexes without their segment are deleted: they were being written.
 * <li>The names of the {@code .swap} files are made durable: the process that gave them may have been killed before that.
 * <li>Of the {@code .swap} files the newest goes first. All that it replaces is deleted, and that is made durable: a segment
 * that came back after the next step would be an older content of the same offsets.
 * <li>It gets its index, under the segment's name: only a complete segment may have gaps between its offsets.
 * <li>It gets its name.
 * </ol>
 *
 * A crash anywhere leaves the {@code .swap} file, and all of it is done again, or leaves nothing to do (L3).
 *
 * <p>Thread rule: one thread; nobody has the log open.
 */
final class SwapRecovery {
    private static final ByteBuffer NO_ENTRIES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Disk disk;
    private final Path directory;

    private SwapRecovery(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    static void run(Disk disk, Path directory) throws IOException {
        new SwapRecovery(disk, directory).run();
    }

    private void run() throws IOException {
        List<SwapFile> swaps = new ArrayList<>();
        for (Path file : disk.list(directory)) {
            if (SwapFile.parse(file, SwapFile.CLEANED_SUFFIX) != null) {
                disk.delete(file);
            }
            SwapFile swap = SwapFile.parse(file, SwapFile.SWAP_SUFFIX);
            if (swap != null) {
                swaps.add(swap);
            }
        }
        if (!swaps.isEmpty()) {
            disk.forceDirectory(directory);
        }
        swaps.sort(Comparator.comparingInt(SwapFile::generation).reversed());
        for (SwapFile swap : swaps) {
            // A newer one may have replaced it by now.
            if (disk.exists(path(swap, SwapFile.SWAP_SUFFIX))) {
                takePlace(swap);
            }
        }
        deleteIndexesOfNothing();
    }

    private void takePlace(SwapFile swap) throws IOException {
        for (Path file : disk.list(directory)) {
            SwapFile other = SwapFile.parse(file, SwapFile.SWAP_SUFFIX);
            boolean older = other != null && !other.equals(swap) && swap.replaces(other.baseOffset());
            if (older || isReplacedSegment(file, swap)) {
                SegmentNames.deleteFiles(disk, file);
            }
        }
        disk.forceDirectory(directory);
        Path segment = directory.resolve(SegmentNames.fileName(swap.baseOffset(), SegmentNames.LOG_SUFFIX));
        // Over those of what was replaced, if a crash took the segment and left them. A lost one is built anew from the batches.
        takeIndex(path(swap, SegmentNames.TIME_INDEX_SUFFIX), SegmentNames.timeIndexOf(segment));
        takeIndex(path(swap, SegmentNames.INDEX_SUFFIX), SegmentNames.indexOf(segment));
        disk.rename(path(swap, SwapFile.SWAP_SUFFIX), segment);
        disk.forceDirectory(directory);
    }

    private void takeIndex(Path from, Path to) throws IOException {
        disk.replace(to, disk.exists(from) ? disk.read(from) : NO_ENTRIES.duplicate());
    }

    private static boolean isReplacedSegment(Path file, SwapFile swap) throws CorruptLogException {
        return file.getFileName().toString().endsWith(SegmentNames.LOG_SUFFIX)
                && swap.replaces(SegmentNames.baseOffsetOf(file));
    }

    private void deleteIndexesOfNothing() throws IOException {
        for (Path file : disk.list(directory)) {
            if (SwapFile.parse(file, SegmentNames.INDEX_SUFFIX) != null
                    || SwapFile.parse(file, SegmentNames.TIME_INDEX_SUFFIX) != null) {
                disk.delete(file);
            }
        }
    }

    private Path path(SwapFile swap, String suffix) {
        return directory.resolve(swap.name(suffix));
    }
}
