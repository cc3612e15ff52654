package io.semel.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFullException;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
                    || allocated % SegmentBlocks.MAX_PAGE_BYTES == 0 && allocated >= before + needed,
                    segment::toString);
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
        assertEquals(0, next.allocatedAcquire() % SegmentBlocks.MAX_PAGE_BYTES);
        assertEquals(CONFIG.segmentBytes(), Files.size(next.path()));
        first.close();
        next.close();
    }

    /** The cache may hold both in one large page, and then a store to the short step would want the blocks of the long one. */
    @Test
    void whereALongStepFailedNoShorterOneIsTaken() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        Segment segment = Segment.first(disk, directory, CONFIG);
        int allocated = segment.allocatedAcquire();
        disk.leaveRoom(150_000);
        assertThrows(DiskFullException.class, () -> segment.extend(200_000));
        assertThrows(DiskFullException.class, () -> segment.extend(1));
        assertEquals(allocated, segment.allocatedAcquire());
        disk.heal();
        segment.extend(1);
        assertTrue(segment.allocatedAcquire() >= allocated + 200_000, segment::toString);
        int before = segment.allocatedAcquire();
        segment.extend(1);
        assertTrue(segment.allocatedAcquire() <= before + SegmentBlocks.MAX_PAGE_BYTES, segment::toString);
        segment.close();
    }

    /** Else the conductors of some logs would hold the last blocks of a disk, of no use to them, from those that append. */
    @Test
    void aSpareFileThatFindsTooLittleRoomHoldsNone() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        SpareFile spare = SpareFile.begin(disk, directory, SpareFile.STEP_BYTES + 100_000, Durability.PROCESS);
        disk.failEvery("writeZeros");
        assertThrows(IOException.class, spare::extend);
        assertEquals(SpareFile.STEP_BYTES, Files.size(directory.resolve(SpareFile.FILE_NAME)));
        assertThrows(IOException.class, () -> SpareFile.begin(disk, directory, 100_000, Durability.PROCESS));
        assertEquals(0, Files.size(directory.resolve(SpareFile.FILE_NAME)));
        disk.heal();
        disk.reportUsable(99_999);
        assertInstanceOf(DiskFullException.class, assertThrows(IOException.class, () -> SpareFile.begin(disk, directory,
                100_000, Durability.PROCESS)));
        assertFalse(Files.exists(directory.resolve(SpareFile.FILE_NAME)), "not even tried");
        disk.heal();
        assertTrue(SpareFile.begin(disk, directory, 100_000, Durability.PROCESS).isComplete());
    }

    @Test
    void whereTheFileSystemDoesNotSayWhatIsLeftTheSpareFileIsTried() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        disk.reportUsable(Disk.UNKNOWN_BYTES);
        assertTrue(SpareFile.begin(disk, directory, 100_000, Durability.PROCESS).isComplete());
    }
}
