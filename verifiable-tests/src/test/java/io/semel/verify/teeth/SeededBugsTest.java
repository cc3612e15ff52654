package io.semel.verify.teeth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import io.semel.verify.stress.Mutant;
import io.semel.verify.stress.MutantSources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/**
 * X1: a bug that no longer fits the sources would catch nothing and say nothing. All of them:
 * {@code ./semel verify teeth}.
 */
class SeededBugsTest {
    private static final Path HERE = Path.of("");

    /** Of the failures of others those that are the protocol's; the others are the engine's and the server's. */
    private static final Set<Integer> ROWS = Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 25, 26);

    @TempDir
    private Path scratch;

    @Test
    void everyRowOfTheProtocolHasABug() {
        assertEquals(new TreeSet<>(ROWS), SeededBugs.ALL.stream().map(SeededBug::row).collect(Collectors.toCollection(
                TreeSet::new)));
    }

    @TestFactory
    Stream<DynamicTest> everyBugFitsItsSourceOnceAndCompiles() {
        return SeededBugs.ALL.stream().map(bug -> dynamicTest(bug.name(), () -> {
            Path classes = Files.createTempDirectory(scratch, "bug");
            MutantSources.around(HERE, bug.sources()).compile(bug.mutant(), classes);
            try (Stream<Path> files = Files.walk(classes)) {
                assertTrue(files.anyMatch(file -> file.toString().endsWith(".class")), classes::toString);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> everyBugNamesATestThatExists() {
        TestSources tests = TestSources.around(HERE);
        return SeededBugs.ALL.stream().map(bug -> dynamicTest(bug.name(), () -> assertTrue(tests.has(bug.test()), bug
                .test())));
    }

    /**
     * One of all, so that every build plants a bug and sees it caught, and sees that nothing is caught where nothing is
     * broken.
     */
    @Test
    void aPlantedBugIsCaughtAndAChangeThatBreaksNothingIsNot() throws Exception {
        SeededBugRun run = new SeededBugRun(HERE, scratch);
        SeededBug first = SeededBugs.ALL.get(0);
        String failure = run.caught(first);
        assertTrue(failure.contains("expected 'fenced'"), failure);
        SeededBug harmless = new SeededBug(first.row(), first.sources(), new Mutant(first.name(), first.mutant()
                .original(), first.mutant().original(), List.of(), ""), first.test());
        assertEquals("", run.caught(harmless));
    }

    @Test
    void aTestThatIsNotThereCatchesNothing() {
        SeededBug first = SeededBugs.ALL.get(0);
        SeededBug untested = new SeededBug(first.row(), first.sources(), first.mutant(), first.test() + "x");
        assertThrows(IOException.class, () -> new SeededBugRun(HERE, scratch).caught(untested));
    }
}
