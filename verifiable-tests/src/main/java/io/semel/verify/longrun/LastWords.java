package io.semel.verify.longrun;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** Remembers the last line that a scenario wrote to its error output. Thread rule: one thread at a time. */
final class LastWords {
    private final StringBuilder line = new StringBuilder();
    private String last = "";

    /** Writes what {@code target} is to write, and listens. */
    PrintWriter after(Writer target) {
        line.setLength(0);
        last = "";
        return new PrintWriter(new FilterWriter(target) {
            @Override
            public void write(int character) throws IOException {
                super.write(character);
                listen((char) character);
            }

            @Override
            public void write(char[] characters, int from, int length) throws IOException {
                super.write(characters, from, length);
                for (int index = from; index < from + length; index++) {
                    listen(characters[index]);
                }
            }

            @Override
            public void write(String text, int from, int length) throws IOException {
                write(text.toCharArray(), from, length);
            }
        }, true);
    }

    private void listen(char next) {
        if (next != '\n') {
            line.append(next);
        } else if (!line.isEmpty()) {
            last = line.toString();
            line.setLength(0);
        }
    }

    /** Empty when there were none. */
    String last() {
        return line.isEmpty() ? last : line.toString();
    }
}
