package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.semel.log.memory.DirectoryInUseException;
import io.semel.log.memory.DirectoryLock;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.Region;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the disk keeps and what it may lose. */
class SimulatedDiskTest {
    private static final Path DIRECTORY = Path.of("/data");
    private static final Path FILE = DIRECTORY.resolve("file");
    private static final int PAGE = SimulatedFile.PAGE_BYTES;
    private static final int SEEDS = 200;

    private static SimulatedDisk disk(long seed) throws IOException {
        SimulatedDisk disk = SimulatedDisk.create(seed, MetadataOrder.OWN);
        disk.createDirectories(DIRECTORY);
        disk.forceDirectory(DIRECTORY.getParent());
        return disk;
    }

    /** A forced file of two pages of zeros, mapped. */
    private static Region mapped(SimulatedDisk disk, DiskFile file) throws IOException {
        file.writeZeros(0, 2 * PAGE);
        Region region = file.map(2 * PAGE);
        file.force();
        disk.forceDirectory(DIRECTORY);
        return region;
    }

    private static void fill(Region region, int from, int end) {
        for (int at = from; at < end; at++) {
            region.buffer().put(at, (byte) 1);
        }
    }

    private static byte[] survivor(SimulatedDisk disk, CrashMode mode) throws IOException {
        return disk.crash(mode).read(FILE).array();
    }

    @Test
    void aKillLeavesAllThatWasStored() throws IOException {
        SimulatedDisk disk = disk(1);
        Region region = mapped(disk, disk.open(FILE));
        fill(region, 0, 2 * PAGE);
        byte[] expected = new byte[2 * PAGE];
        java.util.Arrays.fill(expected, (byte) 1);
        assertArrayEquals(expected, survivor(disk, CrashMode.PROCESS));
    }

    @Test
    void aPowerLossLeavesEachUnforcedPageOldNewOrTornBetweenSectors() throws IOException {
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = disk(seed);
            fill(mapped(disk, disk.open(FILE)), 0, PAGE);
            byte[] bytes = survivor(disk, CrashMode.POWER);
            int changes = 0;
            for (int at = 1; at < PAGE; at++) {
                if (bytes[at] != bytes[at - 1]) {
                    changes++;
                    assertEquals(0, at % SimulatedFile.SECTOR_BYTES);
                }
            }
            assertTrue(changes <= 1);
            seen.add(bytes[0] + " " + bytes[PAGE - 1]);
            assertEquals(0, bytes[PAGE]);
        }
        assertEquals(Set.of("0 0", "1 1", "0 1", "1 0"), seen);
    }

    @Test
    void whatWasForcedSurvives() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = disk(seed);
            DiskFile file = disk.open(FILE);
            Region region = mapped(disk, file);
            fill(region, 0, 2 * PAGE);
            file.forceData(PAGE, 10);
            byte[] bytes = survivor(disk, CrashMode.POWER);
            for (int at = PAGE; at < 2 * PAGE; at++) {
                assertEquals(1, bytes[at]);
            }
        }
    }

    @Test
    void aFileWithoutAForcedEntryMayVanishAlthoughItWasForced() throws IOException {
        Set<Boolean> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = disk(seed);
            DiskFile file = disk.open(FILE);
            file.writeZeros(0, PAGE);
            file.force();
            SimulatedDisk found = disk.crash(CrashMode.POWER);
            seen.add(found.exists(FILE));
            assertEquals(found.exists(FILE) ? 1 : 0, found.list(DIRECTORY).size());
        }
        assertEquals(Set.of(true, false), seen);
    }

    @Test
    void aSizeThatWasNotForcedIsOldOrNew() throws IOException {
        Set<Integer> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = disk(seed);
            DiskFile file = disk.open(FILE);
            mapped(disk, file);
            file.truncate(100);
            seen.add(survivor(disk, CrashMode.POWER).length);
        }
        assertEquals(Set.of(100, 2 * PAGE), seen);
    }

    @Test
    void aReplacedFileHoldsTheOldOrTheNewContentWhereverTheCrashIs() throws IOException {
        for (int call = 0; call < 12; call++) {
            for (CrashMode mode : CrashMode.values()) {
                SimulatedDisk disk = disk(call);
                disk.replace(FILE, ByteBuffer.wrap(new byte[] {1}));
                disk.crashAtCall(disk.calls() + call);
                byte expected = 2;
                try {
                    disk.replace(FILE, ByteBuffer.wrap(new byte[] {2}));
                } catch (CrashedException e) {
                    expected = 1;
                }
                byte[] found = survivor(disk, mode);
                assertTrue(found.length == 1 && (found[0] == expected || expected == 1 && found[0] == 2));
            }
        }
    }

    @Test
    void inAJournalASizeNeverOvertakesAnEarlierEntry() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = SimulatedDisk.create(seed, MetadataOrder.JOURNALED);
            disk.createDirectories(DIRECTORY);
            disk.open(FILE).writeZeros(0, PAGE);
            disk.open(DIRECTORY.resolve("later"));
            SimulatedDisk found = disk.crash(CrashMode.POWER);
            assertTrue(!found.exists(DIRECTORY.resolve("later")) || found.open(FILE).size() == PAGE);
        }
    }

    @Test
    void aForceThatFailsAndForgetsIsFollowedByForcesThatLie() throws IOException {
        SimulatedDisk disk = disk(3);
        DiskFile file = disk.open(FILE);
        Region region = mapped(disk, file);
        disk.endForces(disk.forces(), 1, ForceOutcome.FAILS_AND_FORGETS);
        Set<Byte> seen = new HashSet<>();
        fill(region, 0, 1);
        assertThrows(IOException.class, file::force);
        assertTrue(disk.hasForgotten());
        file.force();
        seen.add(disk.copy().crash(CrashMode.POWER).read(FILE).get(0));
        fill(region, 1, 2);
        file.force();
        assertEquals(1, survivor(disk, CrashMode.POWER)[0], "stored to again, so it was dirty and is written");
        assertEquals(1, seen.size());
    }

    @Test
    void aForceThatLiesLosesWhatItSaysItWrote() throws IOException {
        Set<Byte> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = disk(seed);
            DiskFile file = disk.open(FILE);
            Region region = mapped(disk, file);
            disk.endForces(disk.forces(), 1, ForceOutcome.LIES);
            fill(region, 0, PAGE);
            file.force();
            seen.add(survivor(disk, CrashMode.POWER)[0]);
        }
        assertEquals(Set.of((byte) 0, (byte) 1), seen);
    }

    @Test
    void aFullDiskTakesWhatFitsAndSaysSo() throws IOException {
        SimulatedDisk disk = disk(5);
        disk.limitTo(3 * PAGE);
        DiskFile file = disk.open(FILE);
        IOException full = assertThrows(IOException.class, () -> file.writeZeros(0, 10 * PAGE));
        assertTrue(full.getMessage().contains("No space left on device"), full::toString);
        assertEquals(3 * PAGE, file.size());
        assertEquals(0, disk.usableBytes(DIRECTORY));
        disk.delete(FILE);
        assertEquals(3 * PAGE, disk.usableBytes(DIRECTORY));
    }

    @Test
    void aStoreToAPageWithoutABlockIsFound() throws IOException {
        SimulatedDisk disk = disk(6);
        DiskFile file = disk.open(FILE);
        file.writeZeros(0, PAGE);
        Region region = file.map(2 * PAGE);
        fill(region, 0, PAGE);
        assertEquals("", disk.strayStore());
        fill(region, PAGE, PAGE + 1);
        assertTrue(disk.strayStore().contains("page 1"), disk::strayStore);
    }

    @Test
    void theOldDiskRefusesEverythingAfterACrash() throws IOException {
        SimulatedDisk disk = disk(7);
        DiskFile file = disk.open(FILE);
        DirectoryLock lock = disk.lock(DIRECTORY);
        assertThrows(DirectoryInUseException.class, () -> disk.lock(DIRECTORY));
        SimulatedDisk found = disk.crash(CrashMode.PROCESS);
        assertThrows(CrashedException.class, () -> disk.list(DIRECTORY));
        assertThrows(CrashedException.class, file::size);
        lock.close();
        found.lock(DIRECTORY).close();
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        byte[][] found = new byte[2][];
        for (int run = 0; run < 2; run++) {
            SimulatedDisk disk = disk(8);
            fill(mapped(disk, disk.open(FILE)), 0, 2 * PAGE);
            found[run] = survivor(disk, CrashMode.POWER);
        }
        assertArrayEquals(found[0], found[1]);
        assertFalse(found[0].length == 0);
    }
}
