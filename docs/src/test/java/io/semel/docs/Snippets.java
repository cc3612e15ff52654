package io.semel.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the pages to the sources: Java on a page is a region of a test that compiles and runs, and a command on a page
 * starts a script that is there. Stateless.
 */
final class Snippets {
    private static final Pattern BEGIN = Pattern.compile("\\s*// snippet: (\\S+)\\s*");
    private static final Pattern END = Pattern.compile("\\s*// end-snippet\\s*");
    private static final Pattern TEST_METHOD = Pattern.compile("^\\s*@(Test|Property|Example|ParameterizedTest)\\b",
            Pattern.MULTILINE);
    private static final Pattern OUR_SCRIPT = Pattern.compile("\\s*(?:\\$ )?\\./((?:semel|mvnw)[\\w.-]*)(?:\\s.*)?");

    private Snippets() {}

    static List<Violation> javaWithoutSource(List<SourceFile> pages, List<SourceFile> sources) {
        List<Violation> found = new ArrayList<>();
        Map<String, List<String>> regions = regions(sources, found);
        for (SourceFile page : pages) {
            for (Fence fence : Fence.in(page)) {
                objection(fence, regions).ifPresent(found::add);
            }
        }
        return found;
    }

    /** A source whose class surefire does not pick up, or that has no test in it, compiles but never runs. */
    static List<Violation> sourcesThatNeverRun(List<SourceFile> sources) {
        List<Violation> found = new ArrayList<>();
        for (SourceFile source : sources) {
            if (!source.path().endsWith("Test.java") || !TEST_METHOD.matcher(source.withoutComments().text()).find()) {
                found.add(new Violation(source.path(), "never runs; name it ...Test and give it a test method"));
            }
        }
        return found;
    }

    static List<Violation> missingScripts(List<SourceFile> pages, Predicate<String> isThere) {
        List<Violation> found = new ArrayList<>();
        for (SourceFile page : pages) {
            for (Fence fence : Fence.in(page)) {
                for (String line : fence.body()) {
                    Matcher script = OUR_SCRIPT.matcher(line);
                    if (script.matches() && !isThere.test(script.group(1))) {
                        found.add(new Violation(fence.place(), "no executable ./" + script.group(1)));
                    }
                }
            }
        }
        return found;
    }

    private static Optional<Violation> objection(Fence fence, Map<String, List<String>> regions) {
        if (!fence.closed()) {
            return Optional.of(new Violation(fence.place(), "the block is never closed"));
        }
        if (!fence.language().equals("java")) {
            return Optional.empty();
        }
        if (fence.snippet().isEmpty()) {
            return Optional.of(new Violation(fence.place(),
                    "java without a source; put <!-- snippet: NAME --> above it"));
        }
        List<String> region = regions.get(fence.snippet());
        if (region == null) {
            return Optional.of(new Violation(fence.place(), "no source has a region '// snippet: " + fence.snippet()
                    + "'"));
        }
        if (!unindented(fence.body()).equals(region)) {
            return Optional.of(new Violation(fence.place(), "differs from its source '" + fence.snippet()
                    + "', which reads\n"
                    + String.join("\n", region)));
        }
        return Optional.empty();
    }

    private static Map<String, List<String>> regions(List<SourceFile> sources, List<Violation> found) {
        Map<String, List<String>> regions = new LinkedHashMap<>();
        for (SourceFile source : sources) {
            List<String> lines = source.lines();
            for (int i = 0; i < lines.size(); i++) {
                Matcher begin = BEGIN.matcher(lines.get(i));
                if (begin.matches()) {
                    int end = endOf(lines, i);
                    if (end == lines.size() || BEGIN.matcher(lines.get(end)).matches()) {
                        found.add(new Violation(source.path(), "snippet " + begin.group(1) + " has no end"));
                    }
                    if (regions.put(begin.group(1), unindented(lines.subList(i + 1, end))) != null) {
                        found.add(new Violation(source.path(), "a second snippet is named " + begin.group(1)));
                    }
                }
            }
        }
        return regions;
    }

    private static int endOf(List<String> lines, int begin) {
        int end = begin + 1;
        while (end < lines.size() && !END.matcher(lines.get(end)).matches() && !BEGIN.matcher(lines.get(end))
                .matches()) {
            end++;
        }
        return end;
    }

    /** The lines without the indentation that they share and without trailing blanks. */
    private static List<String> unindented(List<String> lines) {
        return String.join("\n", lines).stripIndent().stripTrailing().lines().toList();
    }
}
