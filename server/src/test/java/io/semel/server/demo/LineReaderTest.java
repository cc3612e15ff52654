package io.semel.server.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.UsageException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LineReaderTest {
    @TempDir
    private Path directory;

    @Test
    void readingOnFromAnyLineGivesTheSameLines() throws IOException {
        Path file = write("first\r\n\nthird ä\n\nlast without an end");
        List<String> all = new ArrayList<>();
        List<Long> positions = new ArrayList<>(List.of(0L));
        try (LineReader reader = LineReader.open(file, 0)) {
            while (reader.next()) {
                all.add(reader.line());
                positions.add(reader.position());
            }
        }
        assertEquals(List.of("first", "", "third ä", "", "last without an end"), all);
        for (int line = 0; line <= all.size(); line++) {
            assertEquals(all.subList(line, all.size()), linesFrom(file, positions.get(line)));
        }
    }

    @Test
    void aLastLineEndBeginsNoLine() throws IOException {
        assertEquals(List.of("only"), linesFrom(write("only\n"), 0));
        assertEquals(List.of(), linesFrom(write(""), 0));
    }

    @Test
    void aLineWithoutEndIsRefusedAtTheLimitByNameAndPlace() throws IOException {
        Path file = write("x".repeat(LineReader.MAX_LINE_BYTES + 1));
        UsageException refused = assertThrows(UsageException.class, () -> linesFrom(file, 0));
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    private Path write(String text) throws IOException {
        return Files.write(directory.resolve("text"), text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> linesFrom(Path file, long position) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = LineReader.open(file, position)) {
            while (reader.next()) {
                lines.add(reader.line());
            }
        }
        return lines;
    }
}
