package io.semel.transactions.groups.consumer;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of topic names, as RE2 reads it: what RE2 does not have is refused, since it makes matching take for ever.
 * What still takes too long does not match.
 */
final class TopicPattern {
    /** A hundred times what a sensible pattern takes for a name of the greatest length. */
    private static final int MAX_STEPS = 25_000;
    /** Nested as deep as that, a pattern can still be compiled on a small stack. */
    private static final int MAX_CHARS = 1_024;

    private final Pattern pattern;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Nothing if it is no pattern. */
    static Optional<TopicPattern> of(String text) {
        if (text.length() > MAX_CHARS || isBeyondRe2(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TopicPattern(Pattern.compile(text)));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    /** Looking around, references back to a group, and quantifiers that give nothing back. */
    private static boolean isBeyondRe2(String text) {
        for (int i = 0; i + 1 < text.length(); i++) {
            char c = text.charAt(i);
            char next = text.charAt(i + 1);
            if (c == '\\') {
                if (Character.isDigit(next) && next != '0' || next == 'k' || next == 'G') {
                    return true;
                }
                i++;
            } else
                if (c == '(' && next == '?' && isLook(text, i + 2) || (c == '*' || c == '+' || c == '?'
                        || c == '}') && next == '+') {
                            return true;
                        }
        }
        return false;
    }

    private static boolean isLook(String text, int at) {
        return text.startsWith("=", at) || text.startsWith("!", at) || text.startsWith(">", at) || text.startsWith("<=",
                at) || text.startsWith("<!", at);
    }

    /** The whole of a name must match. */
    Set<String> matching(Collection<String> names) {
        Set<String> matching = new TreeSet<>();
        for (String name : names) {
            if (matches(name)) {
                matching.add(name);
            }
        }
        return matching;
    }

    private boolean matches(String name) {
        try {
            return pattern.matcher(new Counted(name, new int[1])).matches();
        } catch (TooManyStepsException | StackOverflowError e) {
            return false;
        }
    }

    private static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyStepsException() {
            super(null, null, false, false);
        }
    }

    /** A name that counts how often it is looked at. */
    private record Counted(String name, int[] steps) implements CharSequence {
        @Override
        public int length() {
            return name.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps[0] > MAX_STEPS) {
                throw new TooManyStepsException();
            }
            return name.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(name.substring(start, end), steps);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
