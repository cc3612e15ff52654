package io.semel.verify.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes elements so that they are well formed, as HTML and as XML, whatever stands in the texts. Thread rule: one
 * thread.
 */
final class Markup {
    private static final char NOT_A_CHARACTER = '\uFFFD';

    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** @param attributes names and values, in turns */
    Markup open(String element, Object... attributes) {
        begin(element, attributes).append('>');
        open.push(element);
        return this;
    }

    /** An element without content. */
    Markup empty(String element, Object... attributes) {
        begin(element, attributes).append("/>");
        return this;
    }

    /** An element with nothing but text. */
    Markup element(String element, String content, Object... attributes) {
        return open(element, attributes).text(content).close();
    }

    private StringBuilder begin(String element, Object... attributes) {
        text.append('<').append(element);
        for (int index = 0; index < attributes.length; index += 2) {
            text.append(' ').append(attributes[index]).append("=\"");
            escape(String.valueOf(attributes[index + 1]));
            text.append('"');
        }
        return text;
    }

    Markup text(String content) {
        escape(content);
        return this;
    }

    Markup close() {
        text.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /** What is written by us, and escaped already or without need. */
    Markup raw(String markup) {
        text.append(markup);
        return this;
    }

    private void escape(String content) {
        content.codePoints().forEach(character -> {
            switch (character) {
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '&' -> text.append("&amp;");
                case '"' -> text.append("&quot;");
                case '\'' -> text.append("&#39;");
                default -> text.appendCodePoint(isAllowed(character) ? character : NOT_A_CHARACTER);
            }
        });
    }

    /** XML knows no other control characters, and no half of a pair. */
    private static boolean isAllowed(int character) {
        return character == '\n' || character == '\t' || character >= ' ' && character < Character.MIN_SURROGATE
                || character > Character.MAX_SURROGATE && character < 0xFFFE || character > 0xFFFF;
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return text.toString();
    }
}
