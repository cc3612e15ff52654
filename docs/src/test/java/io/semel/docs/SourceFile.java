package io.semel.docs;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the tree with its text. Immutable.
 *
 * @param path relative to the repository's root, with forward slashes on every system
 */
record SourceFile(String path, String text) {
    /** Strings are matched first, so that a `//` inside of one does not count as a comment. */
    private static final Pattern STRING_OR_COMMENT = Pattern.compile(
            "\"\"\"[\\s\\S]*?\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\n]|\\\\.)*+'|//[^\n]*+|/\\*[\\s\\S]*?\\*/");
    private static final Pattern ANYTHING_BUT_A_LINE_BREAK = Pattern.compile("[^\n]");

    boolean isIn(String folder) {
        return path.startsWith(folder + "/") || path.contains("/" + folder + "/");
    }

    boolean isJava() {
        return path.endsWith(".java");
    }

    List<String> lines() {
        return text.lines().toList();
    }

    /** This file with its Java comments blanked out; every line keeps its number. */
    SourceFile withoutComments() {
        String code = STRING_OR_COMMENT.matcher(text).replaceAll(found -> {
            boolean comment = found.group().startsWith("/");
            String kept = comment
                    ? ANYTHING_BUT_A_LINE_BREAK.matcher(found.group()).replaceAll(" ")
                    : found.group();
            return Matcher.quoteReplacement(kept);
        });
        return new SourceFile(path, code);
    }
}
