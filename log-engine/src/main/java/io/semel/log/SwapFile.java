package io.semel.log;

import java.nio.file.Path;

/**
 * The name of a compacted segment until recovery gives it a segment's: {@code <base>-<end>-<generation>} with an ending that
 * says how far its replacing the old segments has come.
 *
 * @param baseOffset the first offset of the segments that it replaces
 * @param endOffset  the offset after their last one
 * @param generation counts within one opening of the log: of two that replace the same segment, the higher one holds
 */
record SwapFile(long baseOffset, long endOffset, int generation) {
    /** Being written: nobody's data. */
    static final String CLEANED_SUFFIX = ".cleaned";
    /** Complete: it replaces its segments, wherever they still are. */
    static final String SWAP_SUFFIX = ".swap";

    /** What a file name says; null when it is none of these. */
    static SwapFile parse(Path file, String suffix) {
        String name = file.getFileName().toString();
        if (!name.endsWith(suffix)) {
            return null;
        }
        String[] parts = name.substring(0, name.length() - suffix.length()).split("-", -1);
        try {
            SwapFile parsed = parts.length != 3 ? null
                    : new SwapFile(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
            return parsed != null && name.equals(parsed.name(suffix)) ? parsed : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    String name(String suffix) {
        return SegmentNames.fileName(baseOffset, "-" + SegmentNames.fileName(endOffset, "-" + generation + suffix));
    }

    /** Whether a segment or an older compacted one that begins at {@code offset} is replaced by this. */
    boolean replaces(long offset) {
        return baseOffset <= offset && offset < endOffset;
    }
}
