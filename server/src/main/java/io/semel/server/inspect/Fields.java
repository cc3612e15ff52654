package io.semel.server.inspect;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Names and values of one line, in their order: printed as text or as one JSON object. Thread rule: one thread. */
public final class Fields {
    private static final int FIRST_PRINTABLE = ' ';

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param value a number, text, another {@link Fields}, or a collection of such */
    public Fields with(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /** {@code name=value}, one space between; what could be misread stands in quotes. */
    public String text() {
        return values.entrySet().stream().map(entry -> entry.getKey() + '=' + text(entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String text(Object value) {
        if (value instanceof Fields fields) {
            return '{' + fields.text() + '}';
        }
        if (value instanceof Collection<?> several) {
            return several.stream().map(Fields::text).collect(Collectors.joining(", ", "[", "]"));
        }
        String plain = String.valueOf(value);
        return value instanceof String && (plain.isEmpty() || plain.chars().anyMatch(Fields::isMisread)) ? quoted(plain)
                : plain;
    }

    private static boolean isMisread(int character) {
        return character <= ' ' || character == '"' || character == ',' || character == '=';
    }

    public String json() {
        return json(this);
    }

    private static String json(Object value) {
        if (value instanceof Fields fields) {
            return fields.values.entrySet().stream().map(entry -> quoted(entry.getKey()) + ':' + json(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Collection<?> several) {
            return several.stream().map(Fields::json).collect(Collectors.joining(",", "[", "]"));
        }
        return value == null || value instanceof Number || value instanceof Boolean ? String.valueOf(value)
                : quoted(String.valueOf(value));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int index = 0; index < text.length(); index++) {
            char next = text.charAt(index);
            if (next == '"' || next == '\\') {
                quoted.append('\\').append(next);
            } else if (next < FIRST_PRINTABLE || next > '~') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) next));
            } else {
                quoted.append(next);
            }
        }
        return quoted.append('"').toString();
    }
}
