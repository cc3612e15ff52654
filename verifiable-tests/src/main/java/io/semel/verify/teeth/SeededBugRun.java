package io.semel.verify.teeth;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.semel.server.child.ChildJvm;
import io.semel.verify.stress.MutantSources;

/**
 * Plants bugs and runs the tests that must catch them, each in a JVM of its own; and each test once without a bug, for
 * one that always fails catches nothing.
 *
 * <p>Thread rule: one thread.
 */
public final class SeededBugRun {
    /** A test takes seconds; one that a bug makes hang ends itself after two minutes. */
    private static final long LIMIT_MS = 5 * 60_000;

    /**
     * What a bug does to the house is logged, and nobody's news; and a test is over before the better compiler is any
     * use.
     */
    private static final List<String> JVM_OPTIONS = List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-XX:TieredStopAtLevel=1");

    private final Path checkout;
    private final Path scratch;
    private final TestSources tests;
    private final Map<String, Path> compiled = new HashMap<>();
    private final Set<String> sound = new HashSet<>();

    /** @param inside anywhere in a checkout whose classes are on the class path */
    public SeededBugRun(Path inside, Path scratch) {
        this.checkout = inside;
        this.scratch = scratch;
        this.tests = TestSources.around(inside);
    }

    /**
     * How the test failed, in a line; empty when it did not notice.
     *
     * @throws IOException when the test could not be run, or fails without the bug too
     */
    public String caught(SeededBug bug) throws IOException, InterruptedException {
        if (!tests.has(bug.test())) {
            throw new IOException("no test " + bug.test() + "; name another in the list of bugs");
        }
        if (!sound.contains(bug.test())) {
            String failure = run(bug.test(), "");
            if (!failure.isEmpty()) {
                throw new IOException(bug.test() + " fails without any bug: " + failure);
            }
            sound.add(bug.test());
        }
        Path classes = Files.createTempDirectory(scratch, "bug");
        MutantSources.around(checkout, bug.sources()).compile(bug.mutant(), classes);
        return run(bug.test(), classes + File.pathSeparator);
    }

    /** @param before class path in front of everything; empty, or with a separator at its end */
    private String run(String test, String before) throws IOException, InterruptedException {
        String classPath = before + classesOf(test) + File.pathSeparator + System.getProperty("java.class.path");
        List<String> said = new ArrayList<>();
        try (ChildJvm child = ChildJvm.start(JVM_OPTIONS, classPath, NamedTest.class, List.of(test), said::add)) {
            if (!child.awaitExit(LIMIT_MS)) {
                throw new IOException(test + " did not end within " + LIMIT_MS + " ms");
            }
            return switch (child.exitCode()) {
                case NamedTest.PASSED -> "";
                case NamedTest.FAILED -> said.isEmpty() ? "failed without a word" : said.get(0);
                default -> throw new IOException(test + " could not be run: exit code " + child.exitCode() + '\n'
                        + String.join("\n", said));
            };
        }
    }

    private Path classesOf(String test) throws IOException {
        String className = test.substring(0, test.indexOf('#'));
        Path classes = compiled.get(className);
        if (classes == null) {
            classes = Files.createTempDirectory(scratch, "test");
            tests.compile(test, classes);
            compiled.put(className, classes);
        }
        return classes;
    }
}
