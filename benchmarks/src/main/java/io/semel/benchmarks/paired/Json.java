package io.semel.benchmarks.paired;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, strings, numbers and booleans as JSON; a number that is none is null. Stateless. */
final class Json {
    private static final String INDENT = "  ";
    private static final int FIRST_PRINTABLE = 0x20;

    private Json() {
    }

    static String of(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, "\n");
        return out.append('\n').toString();
    }

    private static void write(StringBuilder out, Object value, String lineBreak) {
        if (value instanceof Map<?, ?> map) {
            writeMap(out, map, lineBreak);
        } else if (value instanceof List<?> list) {
            writeList(out, list, lineBreak);
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            out.append("null");
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            writeString(out, value.toString());
        }
    }

    private static void writeMap(StringBuilder out, Map<?, ?> map, String lineBreak) {
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext();) {
            Map.Entry<?, ?> entry = entries.next();
            out.append(lineBreak).append(INDENT);
            writeString(out, entry.getKey().toString());
            out.append(": ");
            write(out, entry.getValue(), lineBreak + INDENT);
            out.append(entries.hasNext() ? "," : lineBreak);
        }
        out.append('}');
    }

    private static void writeList(StringBuilder out, List<?> list, String lineBreak) {
        out.append('[');
        for (Iterator<?> values = list.iterator(); values.hasNext();) {
            out.append(lineBreak).append(INDENT);
            write(out, values.next(), lineBreak + INDENT);
            out.append(values.hasNext() ? "," : lineBreak);
        }
        out.append(']');
    }

    private static void writeString(StringBuilder out, String text) {
        out.append('"');
        for (char each : text.toCharArray()) {
            if (each == '"' || each == '\\') {
                out.append('\\').append(each);
            } else if (each < FIRST_PRINTABLE) {
                out.append(String.format("\\u%04x", (int) each));
            } else {
                out.append(each);
            }
        }
        out.append('"');
    }
}
