package io.semel.log.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whichever way the JDK at hand offers: a region is unmapped with its last lease, not when the collector comes by. */
class UnmapTest {
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    @TempDir
    Path directory;

    @Test
    void mappedBytesAreTheFilesBytes() throws IOException {
        Path path = directory.resolve("file");
        try (DiskFile file = FileDisk.instance().open(path)) {
            file.writeZeros(0, 4096);
            Region region = file.map(4096);
            region.buffer().putInt(8, 0x01020304);
            ByteBuffer read = ByteBuffer.allocate(4);
            file.read(read, 8);
            assertEquals(0x01020304, read.getInt(0));
            region.release();
        }
    }

    @Test
    @EnabledIf("theSystemTellsItsMappings")
    void theLastLeaseUnmapsAtOnce() throws IOException {
        Path path = directory.resolve("file");
        try (DiskFile file = FileDisk.instance().open(path)) {
            file.writeZeros(0, 4096);
            Region region = file.map(4096);
            assertTrue(region.tryLease());
            region.release();
            assertTrue(isMapped(path));
            region.release();
            assertFalse(isMapped(path));
        }
    }

    static boolean theSystemTellsItsMappings() {
        return Files.isReadable(MAPPINGS);
    }

    private static boolean isMapped(Path path) throws IOException {
        try (var lines = Files.lines(MAPPINGS)) {
            return lines.anyMatch(line -> line.endsWith(path.toString()));
        }
    }
}
