package io.semel.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a markdown page. Immutable.
 *
 * @param line the line of the opening fence, the first is 1
 * @param language the first word behind the opening fence, in lower case, or empty
 * @param snippet the name in the comment {@code <!-- snippet: NAME -->} above it, or empty
 * @param closed false if the page ends inside of the block
 */
record Fence(String page, int line, String language, String snippet, List<String> body, boolean closed) {
    private static final Pattern FENCE = Pattern.compile("\\s*(`{3,})\\s*(\\S*).*");
    private static final Pattern NAME = Pattern.compile("\\s*<!--\\s*snippet:\\s*(\\S+)\\s*-->\\s*");

    static List<Fence> in(SourceFile page) {
        List<String> lines = page.lines();
        List<Fence> fences = new ArrayList<>();
        String name = "";
        for (int i = 0; i < lines.size(); i++) {
            Matcher opening = FENCE.matcher(lines.get(i));
            if (opening.matches()) {
                int end = endOf(lines, i, opening.group(1));
                fences.add(new Fence(page.path(), i + 1, opening.group(2).toLowerCase(Locale.ROOT), name,
                        lines.subList(i + 1, end), end < lines.size()));
                i = end;
                name = "";
            } else if (!lines.get(i).isBlank()) {
                Matcher named = NAME.matcher(lines.get(i));
                name = named.matches() ? named.group(1) : "";
            }
        }
        return fences;
    }

    private static int endOf(List<String> lines, int opening, String ticks) {
        int end = opening + 1;
        while (end < lines.size() && !lines.get(end).strip().equals(ticks)) {
            end++;
        }
        return end;
    }

    /** Where a reader finds it. */
    String place() {
        return page + ":" + line;
    }
}
