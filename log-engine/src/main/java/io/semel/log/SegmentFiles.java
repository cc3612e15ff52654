package io.semel.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which files of a directory are a log's segments, as {@link SwapRecovery} would leave them, for whoever only looks: a
 * compacted segment bears its final name only after the next opening, and what it replaces may stand beside it until then.
 *
 * <p>Thread rule: immutable.
 */
public final class SegmentFiles {
    private static final List<String> SUFFIXES_OF_COMPACTION = List.of(SwapFile.SWAP_SUFFIX, SwapFile.CLEANED_SUFFIX,
            SegmentNames.INDEX_SUFFIX, SegmentNames.TIME_INDEX_SUFFIX);
    private static final String UNFINISHED_SUFFIX = ".tmp";

    private final List<Path> segments = new ArrayList<>();
    private final List<SwapFile> swaps = new ArrayList<>();

    private SegmentFiles() {
    }

    public static SegmentFiles of(List<Path> files) {
        SegmentFiles found = new SegmentFiles();
        List<Path> swapped = new ArrayList<>(files.stream().filter(SegmentFiles::isSwapped).toList());
        swapped.sort(Comparator.comparingInt((Path file) -> swapOf(file).generation()).reversed());
        for (Path file : swapped) {
            if (!found.isReplaced(swapOf(file).baseOffset())) {
                found.swaps.add(swapOf(file));
                found.segments.add(file);
            }
        }
        for (Path file : files) {
            long baseOffset = SideFiles.baseOffsetOf(file);
            if (file.toString().endsWith(SegmentNames.LOG_SUFFIX) && baseOffset >= 0 && !found.isReplaced(baseOffset)) {
                found.segments.add(file);
            }
        }
        found.segments.sort(Comparator.comparingLong(SegmentFiles::baseOffsetOf));
        return found;
    }

    private static SwapFile swapOf(Path file) {
        return SwapFile.parse(file, SwapFile.SWAP_SUFFIX);
    }

    /** Whether a segment was compacted, and no opening has given it its name yet. Such a one is complete. */
    public static boolean isSwapped(Path file) {
        return swapOf(file) != null;
    }

    private boolean isReplaced(long offset) {
        return swaps.stream().anyMatch(swap -> swap.replaces(offset));
    }

    /** Of a segment, whichever name it has. */
    public static long baseOffsetOf(Path segment) {
        return isSwapped(segment) ? swapOf(segment).baseOffset() : SideFiles.baseOffsetOf(segment);
    }

    /** Those that count, in the order of their offsets. */
    public List<Path> segments() {
        return List.copyOf(segments);
    }

    /** Whether the next opening deletes or overwrites it: what compaction or a kill left. */
    public boolean isRemains(Path file) {
        boolean ofCompaction = SUFFIXES_OF_COMPACTION.stream().anyMatch(suffix -> SwapFile.parse(file, suffix) != null);
        return ofCompaction || file.toString().endsWith(UNFINISHED_SUFFIX) || isReplaced(SideFiles.baseOffsetOf(file));
    }
}
