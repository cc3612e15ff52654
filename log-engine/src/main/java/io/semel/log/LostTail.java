package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.RecordBatchLayout;
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
    private static final int CHUNK_BYTES = 256 << 10;

    private static final LostTail NONE = new LostTail(0, -1, 0);

    /** Looks for the first one as far as two batches reach, and passes over zeros quickly: a killed log is opened with many. */
    static LostTail behind(Disk disk, Path path, int position, long nextOffset, int maxBatchBytes) {
        try (DiskFile file = disk.open(path)) {
            BatchScanner scanner = new BatchScanner(RecoveryProgress.UNHEARD);
            scanner.begin(file, file.size());
            long first = position + 1L + RecordBatchLayout.MAGIC_POSITION;
            long bound = Math.min(file.size(), first + 2L * maxBatchBytes);
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.max(0, Math.min(CHUNK_BYTES, bound - first)));
            for (long start = first; start < bound; start += chunk.limit()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), bound - start));
                file.read(chunk, start);
                for (int at = nextMagic(chunk, 0); at < chunk.limit(); at = nextMagic(chunk, at + 1)) {
                    int batch = (int) (start + at - RecordBatchLayout.MAGIC_POSITION);
                    if (isLater(scanner, batch, nextOffset) && scanner.check(batch) == BatchCheck.WHOLE) {
                        return walk(scanner, batch, nextOffset);
                    }
                }
            }
            return NONE;
        } catch (IOException e) {
            // This is only for telling; whoever needs the file will say what is wrong with it.
            return NONE;
        }
    }

    /** The next byte that may be a batch's magic; the limit when there is none. */
    private static int nextMagic(ByteBuffer chunk, int from) {
        int at = from;
        while (at < chunk.limit()) {
            if (at + Long.BYTES <= chunk.limit() && chunk.getLong(at) == 0) {
                at += Long.BYTES;
            } else if (chunk.get(at) == RecordBatchLayout.MAGIC) {
                return at;
            } else {
                at++;
            }
        }
        return chunk.limit();
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
