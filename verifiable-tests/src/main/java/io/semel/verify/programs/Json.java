package io.semel.verify.programs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one line of JSON: objects become maps, arrays lists, whole numbers {@code Long}, others {@code Double}, null
 * {@code null}.
 *
 * <p>Thread rule: one thread.
 */
public final class Json {
    /** Not JSON: cut off, or something else altogether. */
    public static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /** An event nests three deep; what nests deeper than this is not one, and would need a deep stack. */
    private static final int MAX_DEPTH = 16;

    private static final int HEX_DIGITS = 4;
    private static final int HEX = 16;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** The object that the line is. */
    public static Map<String, Object> objectOf(String line) throws BrokenException {
        Json json = new Json(line.strip());
        Map<String, Object> object = json.object();
        if (json.at < json.text.length()) {
            throw json.broken("the end of the line");
        }
        return object;
    }

    private Object value() throws BrokenException {
        skipSpace();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() throws BrokenException {
        Map<String, Object> object = new LinkedHashMap<>();
        open('{');
        while (hasMore('}', object.isEmpty())) {
            skipSpace();
            String name = string();
            skipSpace();
            take(':');
            object.put(name, value());
        }
        depth--;
        return object;
    }

    private List<Object> array() throws BrokenException {
        List<Object> array = new ArrayList<>();
        open('[');
        while (hasMore(']', array.isEmpty())) {
            array.add(value());
        }
        depth--;
        return array;
    }

    private void open(char bracket) throws BrokenException {
        take(bracket);
        if (++depth > MAX_DEPTH) {
            throw broken("at most " + MAX_DEPTH + " levels");
        }
    }

    /** Takes the end of the object or array, or the comma before its next part. */
    private boolean hasMore(char end, boolean isFirst) throws BrokenException {
        skipSpace();
        if (peek() == end) {
            at++;
            return false;
        }
        if (!isFirst) {
            take(',');
        }
        return true;
    }

    private String string() throws BrokenException {
        take('"');
        StringBuilder string = new StringBuilder();
        while (peek() != '"') {
            char next = text.charAt(at++);
            string.append(next == '\\' ? escaped() : next);
        }
        at++;
        return string.toString();
    }

    private char escaped() throws BrokenException {
        char escape = peek();
        at++;
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw broken("an escape");
        };
    }

    private char hex() throws BrokenException {
        int code = 0;
        for (int digit = 0; digit < HEX_DIGITS; digit++) {
            int value = Character.digit(peek(), HEX);
            if (value < 0) {
                throw broken("a hexadecimal digit");
            }
            code = code * HEX + value;
            at++;
        }
        return (char) code;
    }

    private Object word(String word, Object meaning) throws BrokenException {
        if (!text.startsWith(word, at)) {
            throw broken(word);
        }
        at += word.length();
        return meaning;
    }

    private Object number() throws BrokenException {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        try {
            if (digits.chars().allMatch(character -> character == '-' || Character.isDigit(character))) {
                return Long.valueOf(digits);
            }
            return Double.valueOf(digits);
        } catch (NumberFormatException e) {
            throw broken("a value");
        }
    }

    private void skipSpace() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private char peek() throws BrokenException {
        if (at >= text.length()) {
            throw broken("more");
        }
        return text.charAt(at);
    }

    private void take(char wanted) throws BrokenException {
        if (peek() != wanted) {
            throw broken("'" + wanted + "'");
        }
        at++;
    }

    private BrokenException broken(String expected) {
        return new BrokenException("column " + (at + 1) + ": expected " + expected);
    }
}
