package io.semel.docs;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/** Holds the tree to the design. Each list of exceptions names a subject and the reason why it may. */
class ArchitectureTest {
    private static final int FILE_LIMIT_LINES = 500;
    private static final int METHOD_LIMIT_LINES = 60;

    private static final Set<String> BELOW_CLIENT = Set.of("log", "idempotence", "transactions");

    /** Class name to reason. */
    private static final Map<String, String> MAY_BE_RESTLESS = Map.of();
    /** File to reason. */
    private static final Map<String, String> MAY_BE_LONG = Map.of();
    /** `file#method` to reason. */
    private static final Map<String, String> MAY_HAVE_A_LONG_METHOD = Map.of();

    /** Linked by nobody below, and by docs neither; the stress tests live in the packages that they race. */
    private static final Set<String> NOT_ON_THE_CLASS_PATH = Set.of("benchmarks/", "verifiable-tests/stress/");

    private static final Repository TREE = Repository.read();
    private static final ClassRules CLASSES = ClassRules.forMainClassesOf("io.semel");

    @Test
    void everyMainSourceIsSeenByTheClassRules() {
        List<String> unseen = TREE.mainSources().stream()
                .filter(source -> NOT_ON_THE_CLASS_PATH.stream().noneMatch(source.path()::startsWith)
                        && !source.path().endsWith("-info.java"))
                .map(source -> source.path().replaceFirst("^.*src/main/java/", "").replaceFirst("\\.java$", "").replace(
                        '/', '.'))
                .filter(name -> !CLASSES.knows(name)).toList();
        assertTrue(unseen.isEmpty(), () -> "not on the class path of docs: " + unseen);
    }

    @Test
    void modulesDependOnlyDown() {
        assertNone(ModuleRules.upwardDependencies(TREE.poms()));
    }

    @Test
    void packagesLookOnlyDown() {
        assertNone(CLASSES.homeless());
        assertNone(CLASSES.upwardLooks());
    }

    @Test
    void onlyMemoryTouchesRawMemory() {
        assertNone(CLASSES.rawMemoryOutsideOfMemory());
        assertNone(TextRules.rawMemoryOutsideOfMemory(TREE.mainSources()));
    }

    @Test
    void nothingUsersRunStandsOnUnsafe() {
        assertNone(CLASSES.unsafeLibraries());
    }

    @Test
    void belowClientNothingBlocksStartsThreadsReadsClocksOrRollsDice() {
        assertNone(Violation.unexcused(CLASSES.restlessness(BELOW_CLIENT), MAY_BE_RESTLESS));
    }

    @Test
    void noMockingLibrary() {
        assertNone(TextRules.mocking(TREE.files()));
    }

    @Test
    void noLeftoverMarkerWord() {
        assertNone(TextRules.markerWords(TREE.files()));
    }

    @Test
    void theTopLevelIsExactlyTheList() {
        assertNone(TextRules.topLevel(TREE.topLevel()));
    }

    @Test
    void filesAreShort() {
        assertNone(Violation.unexcused(Lengths.filesAbove(FILE_LIMIT_LINES, TREE.mainSources()), MAY_BE_LONG));
    }

    @Test
    void methodsAreShort() {
        assertNone(Violation.unexcused(
                Lengths.methodsAbove(METHOD_LIMIT_LINES, TREE.mainSources()), MAY_HAVE_A_LONG_METHOD));
    }

    private static void assertNone(List<Violation> violations) {
        if (!violations.isEmpty()) {
            fail(violations.stream().map(Violation::toString).collect(joining("\n  ", "\n  ", "\n")));
        }
    }
}
