package io.semel.server.network.transactions;

import java.util.regex.Pattern;

/**
 * A client's regular expression that transactional ids must match, whole. Some expressions take longer than the world
 * lasts: past a number of looks at characters one is given up.
 *
 * <p>Thread rule: one thread.
 */
final class IdPattern {
    /** Of a request; a plain expression looks at each character of an id once or twice. */
    private static final long MAX_LOOKS = 20_000_000;

    private final Pattern pattern;
    private long looks;

    /** The expression would take too long. */
    static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** @throws java.util.regex.PatternSyntaxException when it is none */
    IdPattern(String expression) {
        this.pattern = Pattern.compile(expression);
    }

    /** @throws TooLongException when this one has been asked too much */
    boolean matches(String id) {
        return pattern.matcher(new Counted(id)).matches();
    }

    /** Counts who looks at it. */
    private final class Counted implements CharSequence {
        private final CharSequence text;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks > MAX_LOOKS) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
