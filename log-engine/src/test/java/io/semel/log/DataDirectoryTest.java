package io.semel.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class DataDirectoryTest {
    @TempDir
    Path directory;

    private DataDirectory open() throws IOException {
        return DataDirectory.open(FileDisk.instance(), directory, () -> new UUID(1, 2));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void foreignDirectoryIsRefusedAndNotEvenALockFileIsLeftInIt() throws IOException {
        Files.writeString(directory.resolve("thesis.txt"), "mine");
        assertThrows(IncompatibleDirectoryException.class, this::open);
        assertEquals(List.of("thesis.txt"), names());
    }

    @Test
    void directoryOfAnotherVersionIsRefusedAndNotEvenALockFileIsLeftInIt() throws IOException {
        Files.writeString(directory.resolve(DataDirectory.META_FILE), "semel.format.version=2\ncluster.id=x\n");
        assertThrows(IncompatibleDirectoryException.class, this::open);
        assertEquals(List.of(DataDirectory.META_FILE), names());
    }

    @Test
    void labelSurvivesAndAnUnfinishedOneIsMadeAnew() throws IOException {
        Files.createFile(directory.resolve(".lock"));
        Files.writeString(directory.resolve(DataDirectory.META_FILE + ".tmp"), "half");
        String clusterId;
        try (DataDirectory first = open()) {
            clusterId = first.clusterId();
        }
        try (DataDirectory second = open()) {
            assertEquals(clusterId, second.clusterId());
        }
    }
}
