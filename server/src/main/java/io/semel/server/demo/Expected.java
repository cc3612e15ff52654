package io.semel.server.demo;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.server.UsageException;

/**
 * What the result must be, by a direct count of the text: every line and every word of it, once for each pass. A word
 * is known by its place and a hash of 32 bits.
 *
 * <p>Thread rule: immutable once read.
 */
final class Expected {
    /** One byte each while the result is compared; 100 million words are a text of half a gigabyte. */
    static final long MAX_WORDS = 100_000_000;

    private final Growing lineHashes = new Growing();
    private final Growing firstWords = new Growing();
    private final Growing wordHashes = new Growing();
    private final int passes;

    private Expected(int passes) {
        this.passes = passes;
    }

    static Expected of(Path text, int passes) throws IOException {
        Expected expected = new Expected(passes);
        try (LineReader reader = LineReader.open(text, 0)) {
            while (reader.next()) {
                expected.add(reader.line());
                expected.requireFits(text);
            }
        }
        expected.firstWords.add(expected.wordHashes.count());
        if (expected.lineHashes.count() == 0) {
            throw new UsageException("nothing to count: " + text + " is empty; name a text of at least one line");
        }
        return expected;
    }

    private void add(String line) {
        lineHashes.add(line.hashCode());
        firstWords.add(wordHashes.count());
        for (String word : Words.of(line)) {
            wordHashes.add(word.hashCode());
        }
    }

    private void requireFits(Path text) {
        if (Math.max((long) wordHashes.count(), lineHashes.count()) * passes > MAX_WORDS) {
            throw new UsageException("too large for the demo: " + text + " holds more than " + MAX_WORDS
                    + " words in " + passes + " passes, and the demo compares each; choose a smaller text or fewer");
        }
    }

    int linesPerPass() {
        return lineHashes.count();
    }

    /** Lines of the whole feed. */
    int lines() {
        return lineHashes.count() * passes;
    }

    int words() {
        return wordHashes.count() * passes;
    }

    boolean isLine(long number, String line) {
        return number >= 0 && number < lines() && lineHashes.get((int) (number % linesPerPass())) == line.hashCode();
    }

    /** The index of a word of the whole feed, or -1 when there is no such word at this place. */
    int wordIndex(long line, int nth, String word) {
        if (line < 0 || line >= lines() || nth < 0) {
            return -1;
        }
        int lineOfPass = (int) (line % linesPerPass());
        int index = firstWords.get(lineOfPass) + nth;
        if (index >= firstWords.get(lineOfPass + 1) || wordHashes.get(index) != word.hashCode()) {
            return -1;
        }
        return (int) (line / linesPerPass()) * wordHashes.count() + index;
    }
}
