package io.semel.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L5: what may be stored to has its blocks, and so has the rest of its page. */
class SegmentBlocksTest {
    private static final LogConfig CONFIG = new LogConfig(300_001, 60_000, 4096);

    @TempDir
    private Path directory;

    @Test
    void blocksEndWhereAPageEndsOrTheSegment() throws IOException {
        Segment segment = Segment.first(FileDisk.instance(), directory, CONFIG);
        for (int needed = 70_001; segment.allocatedAcquire() < CONFIG.segmentBytes(); needed += 1_000) {
            int before = segment.allocatedAcquire();
            segment.extend(needed);
            int allocated = segment.allocatedAcquire();
            assertTrue(allocated == CONFIG.segmentBytes()
                    || allocated % Segment.MAX_PAGE_BYTES == 0 && allocated >= before + needed, segment::toString);
        }
        segment.close();
    }

    @Test
    void aSpareFileThatEndsWithinAPageGetsTheRestOfItBeforeItIsUsed() throws IOException {
        Segment first = Segment.first(FileDisk.instance(), directory, CONFIG);
        long word = ClaimWord.plus(ClaimWord.NOTHING, 1, 1_000);
        assertTrue(first.compareAndSetClaims(ClaimWord.NOTHING, word));
        first.seal();
        SpareFile spare = SpareFile.begin(FileDisk.instance(), directory, 65_537, Durability.PROCESS);
        Segment next = first.successor(FileDisk.instance(), CONFIG, spare);
        next.extend(1);
        assertEquals(0, next.allocatedAcquire() % Segment.MAX_PAGE_BYTES);
        assertEquals(CONFIG.segmentBytes(), Files.size(next.path()));
        first.close();
        next.close();
    }
}
