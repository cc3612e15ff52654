package io.semel.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.UsageException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExpectedTest {
    private static final int PASSES = 3;
    private static final List<String> LINES = List.of("to be, or not to be", "", "that is the question: To be");

    @TempDir
    private Path directory;

    @Test
    void everyWordOfEveryPassHasAnIndexOfItsOwn() throws IOException {
        Expected expected = expected();
        Set<Integer> indexes = new HashSet<>();
        for (int line = 0; line < LINES.size() * PASSES; line++) {
            List<String> words = Words.of(LINES.get(line % LINES.size()));
            for (int nth = 0; nth < words.size(); nth++) {
                indexes.add(expected.wordIndex(line, nth, words.get(nth)));
            }
        }
        assertEquals(12 * PASSES, expected.words());
        assertEquals(expected.words(), indexes.size());
        assertFalse(indexes.contains(-1));
        assertTrue(indexes.stream().allMatch(index -> index < expected.words()));
    }

    @Test
    void aWordAtAWrongPlaceIsNotExpected() throws IOException {
        Expected expected = expected();
        assertEquals(-1, expected.wordIndex(0, 0, "be"));
        assertEquals(-1, expected.wordIndex(0, 6, "to"));
        assertEquals(-1, expected.wordIndex(1, 0, "to"));
        assertEquals(-1, expected.wordIndex(-1, 0, "to"));
        assertEquals(-1, expected.wordIndex(LINES.size() * PASSES, 0, "to"));
        assertEquals(-1, expected.wordIndex(0, -1, "to"));
    }

    @Test
    void aLineIsExpectedAtItsNumberOnly() throws IOException {
        Expected expected = expected();
        assertEquals(LINES.size() * PASSES, expected.lines());
        assertTrue(expected.isLine(5, LINES.get(2)));
        assertFalse(expected.isLine(4, LINES.get(2)));
        assertFalse(expected.isLine(9, LINES.get(0)));
        assertFalse(expected.isLine(-1, LINES.get(0)));
    }

    @Test
    void anEmptyTextIsRefused() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThrows(UsageException.class, () -> Expected.of(empty, 1));
    }

    @Test
    void aTallyTellsDuplicatesLossesAndStrangersApart() {
        Tally tally = new Tally(4);
        for (int index : new int[] {0, 1, 1, 1, 3, -1}) {
            tally.take(index);
        }
        assertEquals(6, tally.records());
        assertEquals(2, tally.duplicates());
        assertEquals(1, tally.losses());
        assertEquals(1, tally.foreign());
        assertFalse(tally.isExact());
    }

    @Test
    void aTallyOfEachOnceIsExact() {
        Tally tally = new Tally(2);
        assertFalse(tally.isExact());
        tally.take(1);
        tally.take(0);
        assertTrue(tally.isExact());
    }

    private Expected expected() throws IOException {
        return Expected.of(Files.write(directory.resolve("text"), LINES), PASSES);
    }
}
