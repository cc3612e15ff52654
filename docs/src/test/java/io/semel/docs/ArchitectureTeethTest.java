package io.semel.docs;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Shows every rule of {@link ArchitectureTest} a planted violation, and beside it something that is right. */
class ArchitectureTeethTest {
    private static final String ROOT = "io.semel.docs.planted";
    private static final ClassRules PLANTED = ClassRules.forTestClassesOf(ROOT);

    @Test
    void lookingUpOrSidewaysIsCaught() {
        assertEquals(Set.of("log.memory.Upstairs", "transactions.coordinator.Nosy"), subjects(PLANTED.upwardLooks()));
    }

    @Test
    void aPackageWithoutARoomIsCaught() {
        assertEquals(Set.of("attic.Squatter"), subjects(PLANTED.homeless()));
    }

    @Test
    void rawMemoryIsCaughtInClassesOutsideOfMemory() {
        assertEquals(Set.of("log.Mapper"), subjects(PLANTED.rawMemoryOutsideOfMemory()));
        assertTrue(PLANTED.rawMemoryOutsideOfMemory().toString().contains("maps a file"));
    }

    @Test
    void queuesAndBuffersOnUnsafeAreCaught() {
        List<Violation> found = PLANTED.unsafeLibraries();
        assertEquals(Set.of("log.QueueOfUnsafe"), subjects(found));
        assertEquals(3, found.size(), found::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {".thread()", "Executors.newCachedThreadPool()", "Thread.sleep(long)",
        "LockSupport.parkNanos(long)",
        "Object.wait()", "System.currentTimeMillis()", "System.nanoTime()", "Random.<init>()", "Worker.<init>()"})
    void restlessCallsAreCaught(String call) {
        List<Violation> found = PLANTED.restlessness(Set.of("idempotence"));
        assertEquals(Set.of("idempotence.Clockwork"), subjects(found));
        assertTrue(found.stream().anyMatch(violation -> violation.what().contains(call)), found::toString);
    }

    @Test
    void restlessCallsElsewhereAreNotMeant() {
        assertEquals(List.of(), PLANTED.restlessness(Set.of("log", "transactions")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"semel-transactions", "semel-client", "semel-docs", "semel-attic"})
    void aModuleThatDependsUpwardsIsCaught(String dependency) {
        assertEquals(1, ModuleRules.upwardDependencies(List.of(pom("semel-idempotence", dependency))).size());
    }

    @Test
    void aModuleMayDependDown() {
        assertEquals(List.of(), ModuleRules.upwardDependencies(List.of(
                pom("semel-idempotence", "semel-log-engine"), pom("semel-docs", "semel-verifiable-tests"))));
    }

    @Test
    void modulesOfOneStoreyDoNotKnowEachOther() {
        assertEquals(1, ModuleRules.upwardDependencies(List.of(pom("semel-benchmarks", "semel-verifiable-tests")))
                .size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sun.misc.Unsafe u;", "MappedByteBuffer b;", "FileChannel.MapMode.READ_ONLY;",
        "find(\"invokeCleaner\");", "import java.lang.foreign.Arena;", "Class.forName(\"jdk.internal.misc.Unsafe\")"})
    void rawMemoryIsCaughtInText(String line) {
        assertEquals(1, TextRules.rawMemoryOutsideOfMemory(List.of(java("io/semel/log/Log.java", line))).size());
        assertEquals(List.of(),
                TextRules.rawMemoryOutsideOfMemory(List.of(java("io/semel/log/memory/Region.java", line))));
    }

    @Test
    void rawMemoryMayBeSpokenOf() {
        assertEquals(List.of(), TextRules.rawMemoryOutsideOfMemory(List.of(java("io/semel/log/Log.java", """
                /** Not a MappedByteBuffer: */
                String url = "a//b"; // nor sun.misc.Unsafe
                """))));
    }

    @Test
    void aForbiddenWordIsReportedWithItsLine() {
        SourceFile file = java("A.java", "/* two\n lines */\nString s = \"/*\"; MappedByteBuffer b;");
        assertTrue(TextRules.rawMemoryOutsideOfMemory(List.of(file)).get(0).what().startsWith("line 3 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"import org.mockito.Mockito;", "import static org.easymock.EasyMock.mock;",
        "  import mockit.Mocked;"})
    void aMockingImportIsCaught(String line) {
        assertEquals(1, TextRules.mocking(List.of(java("A.java", "package a;\n" + line + "\n"))).size());
    }

    @Test
    void aMockingDependencyIsCaughtButNotTheBanOnIt() {
        assertEquals(1, TextRules.mocking(List.of(new SourceFile("a/pom.xml", "<groupId>org.mockito</groupId>")))
                .size());
        assertEquals(List.of(), TextRules.mocking(List.of(new SourceFile("pom.xml",
                "<exclude>org.mockito:*</exclude>"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"// TO" + "DO later", "# FIX" + "ME", "X" + "XX", "@Dis" + "abled(\"flaky\")", "<!-- HA"
            + "CK -->"})
    void aMarkerWordIsCaught(String text) {
        assertEquals(1, TextRules.markerWords(List.of(new SourceFile("docs/A.md", "fine\n" + text))).size());
    }

    @Test
    void wordsThatOnlyResembleMarkersAreFine() {
        assertEquals(List.of(), TextRules.markerWords(List.of(new SourceFile("run",
                "mktemp -d semel.XXXXXX; # mastodon"))));
    }

    @Test
    void aMissingAndAnExtraTopLevelEntryAreCaught() {
        Set<String> names = new TreeSet<>();
        TextRules.topLevel(names).forEach(missing -> names.add(missing.subject()));
        assertEquals(List.of(), TextRules.topLevel(names));
        names.remove("docs");
        names.add("utils");
        assertEquals(Set.of("docs", "utils"),
                TextRules.topLevel(names).stream().map(Violation::subject).collect(toCollection(TreeSet::new)));
    }

    @Test
    void aLongFileIsCaughtAtOneLineAboveTheLimit() {
        SourceFile three = java("Three.java", "1\n2\n3\n");
        assertEquals(List.of(), Lengths.filesAbove(3, List.of(three)));
        assertEquals(1, Lengths.filesAbove(2, List.of(three)).size());
    }

    @Test
    void aLongMethodIsCaughtAtOneLineAboveTheLimit() {
        SourceFile source = java("Long.java", """
                class Long {
                    /** Not counted. */
                    @Deprecated
                    void four() {
                        call("}");
                    }
                    void one() { call(""); }
                    Runnable field = new Runnable() {
                        public void run() {
                            call("");
                        }
                    };
                }
                """);
        assertEquals(List.of(), Lengths.methodsAbove(4, List.of(source)));
        assertEquals("[log-engine/src/main/java/Long.java#four: has 4 lines, the limit is 3]",
                Lengths.methodsAbove(3, List.of(source)).toString());
        assertEquals(2, Lengths.methodsAbove(2, List.of(source)).size());
    }

    @Test
    void anExcuseCoversItsSubjectOnlyAndFailsOnceItIsIdle() {
        Violation known = new Violation("A", "is long");
        Violation fresh = new Violation("B", "is long");
        assertEquals(List.of(fresh), Violation.unexcused(List.of(known, fresh), Map.of("A", "a table")));
        assertEquals("A", Violation.unexcused(List.of(), Map.of("A", "a table")).get(0).subject());
    }

    private static Set<String> subjects(List<Violation> found) {
        return found.stream().map(violation -> violation.subject().substring(ROOT.length() + 1))
                .collect(toCollection(TreeSet::new));
    }

    private static SourceFile java(String path, String text) {
        return new SourceFile("log-engine/src/main/java/" + path, text);
    }

    private static SourceFile pom(String artifact, String dependency) {
        return new SourceFile("m/pom.xml", """
                <project>
                  <artifactId>%s</artifactId>
                  <dependencies>
                    <dependency><groupId>io.semel</groupId><artifactId>%s</artifactId></dependency>
                    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId></dependency>
                  </dependencies>
                </project>
                """.formatted(artifact, dependency));
    }
}
