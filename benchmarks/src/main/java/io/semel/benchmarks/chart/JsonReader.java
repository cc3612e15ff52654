package io.semel.benchmarks.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON that result files are written in: objects become maps, arrays lists, numbers {@code Double}, null
 * {@link #NULL}. Thread rule: one thread.
 */
final class JsonReader {
    /** What stands for null. */
    static final Object NULL = new Object();

    private static final int HEX_DIGITS = 4;
    private static final int HEX = 16;

    /** Results nest five deep. */
    private static final int MAX_DEPTH = 16;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException when it is not one JSON value */
    static Object read(String text) {
        JsonReader reader = new JsonReader(text);
        try {
            Object value = reader.value();
            reader.skipSpace();
            if (reader.at < text.length()) {
                throw reader.broken("more behind the value");
            }
            return value;
        } catch (StringIndexOutOfBoundsException | NumberFormatException e) {
            throw reader.broken("cut off, or no JSON");
        }
    }

    private IllegalArgumentException broken(String what) {
        return new IllegalArgumentException(what + " at character " + at);
    }

    private Object value() {
        skipSpace();
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", NULL);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> all = new LinkedHashMap<>();
        open('{');
        while (!closes('}', all.isEmpty())) {
            skipSpace();
            String name = string();
            skipSpace();
            take(':');
            all.put(name, value());
        }
        return all;
    }

    private List<Object> array() {
        List<Object> all = new ArrayList<>();
        open('[');
        while (!closes(']', all.isEmpty())) {
            all.add(value());
        }
        return all;
    }

    private void open(char bracket) {
        take(bracket);
        depth++;
        if (depth > MAX_DEPTH) {
            throw broken("nested deeper than " + MAX_DEPTH);
        }
    }

    /** Whether the object or array ends here; else passes over the comma before the next element. */
    private boolean closes(char bracket, boolean isFirst) {
        skipSpace();
        if (text.charAt(at) == bracket) {
            at++;
            depth--;
            return true;
        }
        if (!isFirst) {
            take(',');
        }
        return false;
    }

    private String string() {
        take('"');
        StringBuilder content = new StringBuilder();
        char next = text.charAt(at++);
        while (next != '"') {
            content.append(next == '\\' ? escaped() : next);
            next = text.charAt(at++);
        }
        return content.toString();
    }

    private char escaped() {
        char kind = text.charAt(at++);
        return switch (kind) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                at += HEX_DIGITS;
                yield (char) Integer.parseInt(text.substring(at - HEX_DIGITS, at), HEX);
            }
            default -> kind;
        };
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, at)) {
            throw broken("not " + word);
        }
        at += word.length();
        return meaning;
    }

    private Double number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return Double.valueOf(text.substring(start, at));
    }

    private void take(char expected) {
        if (text.charAt(at) != expected) {
            throw broken("expected " + expected);
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
