package io.semel.docs;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Holds README, CONTRIBUTING and docs to sources that run, and shows the check planted pages that are wrong. */
class SnippetsTest {
    private static final Repository TREE = Repository.read();

    private static final SourceFile SOURCE = new SourceFile("GreetingTest.java", """
            class GreetingTest {
                @Test
                void greets() {
                    // snippet: greeting
                    if (polite) {
                        greet();
                    }
                    // end-snippet
                }
            }
            """);
    private static final String GOOD = """
            Say hello:

            <!-- snippet: greeting -->
            ```java
            if (polite) {
                greet();
            }
            ```
            """;

    @Test
    void everyJavaSnippetOfTheDocumentationIsCompiledAndRun() {
        assertEquals("", text(Snippets.javaWithoutSource(pages(), sources())));
        assertEquals("", text(Snippets.sourcesThatNeverRun(sources())));
    }

    @Test
    void everyCommandOfTheDocumentationStartsAScriptThatIsThere() {
        assertEquals("", text(Snippets.missingScripts(pages(), TREE::hasExecutable)));
    }

    @Test
    void aVerbatimRegionIsFineAtAnyIndentation() {
        assertEquals("", problems(GOOD));
        assertEquals("", problems("1. One\n" + GOOD.indent(3)));
    }

    @Test
    void otherLanguagesNeedNoSource() {
        assertEquals("", problems("```sh\nls\n```\n```\nplain\n```\n"));
    }

    @Test
    void javaThatNamesNoSourceIsCaught() {
        assertCaught("java without a source", GOOD.replaceFirst("<!--.*-->", "Like so:"));
        assertCaught("java without a source", GOOD.replaceFirst("-->", "-->\nA line in between.\n"));
    }

    @Test
    void aNameServesOneBlockOnly() {
        assertCaught("Page.md:9: java without a source", GOOD + "```java\ngreet();\n```\n");
    }

    @Test
    void javaThatNamesAnUnknownSourceIsCaught() {
        assertCaught("no source has a region", GOOD.replace("greeting", "farewell"));
    }

    @Test
    void javaThatDiffersFromItsSourceIsCaught() {
        assertCaught("differs from its source", GOOD.replace("greet()", "greetTwice()"));
        assertCaught("differs from its source", GOOD.replace("    greet", "  greet"));
        assertCaught("differs from its source", GOOD.replace("}\n", ""));
    }

    @Test
    void aBlockThatIsNeverClosedIsCaught() {
        assertCaught("never closed", GOOD.replaceFirst("```\n$", ""));
    }

    @Test
    void aRegionWithoutAnEndOrWithATakenNameIsCaught() {
        SourceFile endless = new SourceFile("A.java", "// snippet: a\n// snippet: b\ncode();\n");
        assertEquals("A.java: snippet a has no end\nA.java: snippet b has no end",
                text(Snippets.javaWithoutSource(List.of(), List.of(endless))));
        assertTrue(text(Snippets.javaWithoutSource(List.of(), List.of(SOURCE, SOURCE))).contains("a second snippet"));
    }

    @Test
    void aSourceThatNeverRunsIsCaught() {
        assertEquals(List.of(), Snippets.sourcesThatNeverRun(List.of(SOURCE)));
        assertEquals(1, Snippets.sourcesThatNeverRun(List.of(new SourceFile("Greeting.java", SOURCE.text()))).size());
        assertEquals(1, Snippets.sourcesThatNeverRun(
                List.of(new SourceFile("GreetingTest.java", SOURCE.text().replace("@Test", "// @Test")))).size());
    }

    @Test
    void aCommandWithoutItsScriptIsCaught() {
        SourceFile page = new SourceFile("Page.md", """
                ```sh
                ./mvnw verify
                $ ./semel demo --kills 3
                ./semel-absent
                ls ./semel-elsewhere
                ```
                """);
        assertEquals("Page.md:1: no executable ./semel-absent",
                text(Snippets.missingScripts(List.of(page), Set.of("mvnw", "semel")::contains)));
    }

    private static List<SourceFile> pages() {
        return TREE.files().stream().filter(file -> file.path().endsWith(".md"))
                .filter(file -> file.path().startsWith("docs/") || !file.path().contains("/")).toList();
    }

    private static List<SourceFile> sources() {
        return TREE.javaFiles().stream().filter(file -> file.isIn("io/semel/docs/snippets")).toList();
    }

    private static String problems(String page) {
        return text(Snippets.javaWithoutSource(List.of(new SourceFile("Page.md", page)), List.of(SOURCE)));
    }

    private static void assertCaught(String problem, String page) {
        String problems = problems(page);
        assertTrue(problems.contains(problem), () -> "expected '" + problem + "', got '" + problems + "'");
    }

    private static String text(List<Violation> violations) {
        return violations.stream().map(Violation::toString).collect(joining("\n"));
    }
}
