package io.semel.log.memory;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DiskFailuresTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path directory;

    private static void assertFull(String file, long wantedBytes, Executable write) {
        String said = assertThrows(DiskFullException.class, write).getMessage();
        for (String part : List.of("disk full", file, " " + wantedBytes + " bytes", "are left", "No space left",
                "free some")) {
            assertTrue(said.contains(part), said);
        }
    }

    /** The system's own word for it has neither path nor numbers nor remedy. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aWriteWithoutRoomSaysWhichFileHowMuchAndWhatToDo() throws IOException {
        try (DiskFile file = FileDisk.instance().open(FULL)) {
            assertFull("/dev/full", 7, () -> file.write(ByteBuffer.allocate(7), 0));
            assertFull("/dev/full", 4096, () -> file.writeZeros(0, 4096));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSmallFileThatHasNoRoomIsReplacedByNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("label"), "old");
        Files.createSymbolicLink(directory.resolve("label.tmp"), FULL);
        assertFull("label.tmp", 3, () -> FileDisk.instance().replace(file, ByteBuffer.allocate(3)));
        assertFull("label.tmp", 3, () -> FileDisk.instance().replaceUnforced(file, ByteBuffer.allocate(3)));
        assertEquals("old", Files.readString(file));
    }

    @Test
    void anyOtherFailureOfAWriteIsNoFullDiskAndNamesTheFile() {
        IOException told = DiskFailures.ofWrite(directory.resolve("a"), 1, new IOException("Input/output error"));
        assertFalse(told instanceof DiskFullException);
        for (String part : List.of("1 bytes", directory.resolve("a").toString(), "Input/output error",
                "check the disk")) {
            assertTrue(told.getMessage().contains(part), told::getMessage);
        }
    }

    /** Whatever language the system says it in. */
    @Test
    void lessRoomThanWantedIsAFullDisk() {
        assertInstanceOf(DiskFullException.class, DiskFailures.ofWrite(directory.resolve("a"), Long.MAX_VALUE,
                new IOException("kein Platz")));
    }

    @Test
    void aUsedUpQuotaIsAFullDiskWhateverRoomOthersHave() {
        assertInstanceOf(DiskFullException.class, DiskFailures.ofWrite(directory.resolve("a"), 1, new IOException(
                "Disk quota exceeded")));
    }

    @Test
    void aFailedMediumIsNoFullDiskWhateverRoomIsLeft() {
        assertFalse(DiskFailures.ofWrite(directory.resolve("a"), Long.MAX_VALUE, new IOException(
                "Input/output error")) instanceof DiskFullException);
    }

    /** Asked without the list of mounts: in a container that may lack it, or the directory in it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatIsLeftIsUnknownWhereNobodyCountsIt() {
        assertTrue(FileDisk.instance().usableBytes(directory) > 0);
        assertEquals(Disk.UNKNOWN_BYTES, FileDisk.instance().usableBytes(Path.of("/proc")));
        assertEquals(Disk.UNKNOWN_BYTES, FileDisk.instance().usableBytes(directory.resolve("missing")));
    }

    @Test
    void whatIsThereAndAllowedAndCantBeOpenedIsRefusedForWantOfDescriptors() throws IOException {
        Path file = Files.createFile(directory.resolve("there"));
        String said = assertInstanceOf(OpenRefusedException.class, DiskFailures.ofOpen(file,
                new FileNotFoundException("zu viele offene Dateien"))).getMessage();
        assertTrue(said.contains(file.toString()) && said.contains("ulimit -n"), said);
        for (Path path : List.of(file, directory, directory.resolve("fresh"))) {
            assertInstanceOf(OpenRefusedException.class, DiskFailures.ofOpen(path, new FileSystemException("x")));
        }
    }

    @Test
    void whatHasAReasonOfItsOwnKeepsIt() throws IOException {
        Path file = Files.createFile(directory.resolve("there"));
        for (IOException own : List.of(new NoSuchFileException("x"), new AccessDeniedException("x"), new IOException(
                "x"))) {
            assertSame(own, DiskFailures.ofOpen(file, own));
        }
        IOException isDirectory = new FileNotFoundException("Is a directory");
        assertSame(isDirectory, DiskFailures.ofOpen(directory, isDirectory));
        IOException nowhere = new FileNotFoundException("No such file or directory");
        assertSame(nowhere, DiskFailures.ofOpen(directory.resolve("no").resolve("where"), nowhere));
    }
}
