package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.log.batch.BatchCheck;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * Whole batches with later offsets that stand behind the place where a segment is cut, and go with it. Only for telling: where
 * producers fill side by side, a killed process leaves a hole before whole batches as damage does, and in neither case can
 * what is behind it be kept.
 *
 * @param batches    how many follow one another, as far as was looked
 * @param lastOffset of the last of them
 * @param end        position behind it
 */
record LostTail(int batches, long lastOffset, long end) {
    private static final LostTail NONE = new LostTail(0, -1, 0);

    /** Looks for the first one as far as two batches reach, so that a long row of zeros costs an opening nothing. */
    static LostTail behind(Disk disk, Path path, int position, long nextOffset, int maxBatchBytes)
            throws IOException {
        try (DiskFile file = disk.open(path)) {
            long size = file.size();
            long bound = Math.min(size, position + 2L * maxBatchBytes);
            BatchScanner scanner = new BatchScanner(RecoveryProgress.UNHEARD);
            scanner.begin(file, size);
            for (int at = position + 1; at < bound; at++) {
                if (isLater(scanner, at, nextOffset) && scanner.check(at) == BatchCheck.WHOLE) {
                    return walk(scanner, at, nextOffset);
                }
            }
            return NONE;
        }
    }

    /** A batch fills a segment at most, so offsets further away than that are no batch's of this file. */
    private static boolean isLater(BatchScanner scanner, int at, long nextOffset) throws IOException {
        return scanner.header(at) && scanner.batch().baseOffset() > nextOffset
                && scanner.batch().baseOffset() - nextOffset < LogConfig.MAX_SEGMENT_BYTES;
    }

    private static LostTail walk(BatchScanner scanner, int from, long nextOffset) throws IOException {
        int batches = 0;
        long last = nextOffset;
        int at = from;
        while (isLater(scanner, at, last) && scanner.check(at) == BatchCheck.WHOLE) {
            batches++;
            last = scanner.batch().lastOffset();
            at += scanner.batch().sizeInBytes();
        }
        return new LostTail(batches, last, at);
    }
}
