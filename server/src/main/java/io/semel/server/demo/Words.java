package io.semel.server.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What counts as a word: letters and digits in a row, in lower case. */
final class Words {
    private Words() {
    }

    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        int begin = -1;
        for (int index = 0; index <= line.length(); index++) {
            boolean inside = index < line.length() && Character.isLetterOrDigit(line.charAt(index));
            if (inside && begin < 0) {
                begin = index;
            } else if (!inside && begin >= 0) {
                words.add(line.substring(begin, index).toLowerCase(Locale.ROOT));
                begin = -1;
            }
        }
        return words;
    }
}
