package io.semel.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The rules that text shows best. Stateless. */
final class TextRules {
    /** Spelt in halves, or this file would break its own rule. */
    private static final ForbiddenText MARKER_WORDS = ForbiddenText.of(
            "\\b(TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK)\\b|@(Dis" + "abled|Ign" + "ore)\\b",
            "finish it, or open an issue and leave no trace here");

    private static final String MOCKING =
            "(org\\.mockito|org\\.easymock|org\\.powermock|org\\.jmock|mockit|org\\.jmockit|io\\.mockk)";
    private static final ForbiddenText MOCKING_IMPORT = ForbiddenText.of(
            "^\\s*import\\s+(static\\s+)?" + MOCKING + "\\b.*$", "write the fake by hand");
    private static final ForbiddenText MOCKING_DEPENDENCY = ForbiddenText.of(
            "<groupId>\\s*" + MOCKING + "\\s*</groupId>", "write the fake by hand");

    /** Reflection and fully qualified names in strings do not show in class files. */
    private static final ForbiddenText RAW_MEMORY = ForbiddenText.of(
            "\\b(sun\\.misc|jdk\\.internal|MappedByteBuffer|MapMode|invokeCleaner|java\\.lang\\.foreign)\\b",
            "only log.memory touches raw memory");

    /** Measured beside what won, also ways to reach memory; nobody runs them but the benchmarks. */
    private static final String LOST_VARIANTS = "io/semel/benchmarks/workload/variants";

    private static final Set<String> MUST_BE_AT_THE_TOP = Set.of("pom.xml", "log-engine", "idempotence", "transactions",
            "client", "server", "benchmarks", "verifiable-tests", "docs", "LICENSE", "README.md", "CHANGELOG.md",
            "CONTRIBUTING.md", ".editorconfig", ".gitignore", ".ci", ".mvn", "mvnw", "mvnw.cmd");
    private static final Set<String> MAY_BE_AT_THE_TOP = Set.of("semel", ".gitattributes");

    private TextRules() {}

    static List<Violation> markerWords(List<SourceFile> files) {
        return MARKER_WORDS.in(files);
    }

    static List<Violation> mocking(List<SourceFile> files) {
        List<Violation> found = MOCKING_IMPORT.in(files.stream().filter(SourceFile::isJava).toList());
        found.addAll(MOCKING_DEPENDENCY.in(files.stream().filter(file -> file.path().endsWith("pom.xml")).toList()));
        return found;
    }

    static List<Violation> rawMemoryOutsideOfMemory(List<SourceFile> mainSources) {
        return RAW_MEMORY.in(mainSources.stream()
                .filter(file -> !file.isIn("io/semel/log/memory") && !file.isIn(LOST_VARIANTS))
                .map(SourceFile::withoutComments).toList());
    }

    static List<Violation> topLevel(Set<String> names) {
        List<Violation> found = new ArrayList<>();
        for (String missing : without(MUST_BE_AT_THE_TOP, names)) {
            found.add(new Violation(missing, "is missing at the top level"));
        }
        for (String extra : without(without(names, MUST_BE_AT_THE_TOP), MAY_BE_AT_THE_TOP)) {
            found.add(new Violation(extra, "does not belong at the top level"));
        }
        return found;
    }

    private static Set<String> without(Set<String> all, Set<String> removed) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(removed);
        return rest;
    }
}
