package io.semel.verify.protocol;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A script that says what is not so fails with the line and both pictures; one that can't be read says why. */
class ScriptTest {
    private static final String OPEN = """
            topics orders
            A opens billing
            A begins
            A sends A1 A2 to orders
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            A comits                  | line 5: no such step: 'A comits'; expected one of
            a commits                 | line 5: no such step: 'a commits'
            A commits now             | line 5: no such step
            A sends A3 to             | line 5: no such step
            A sends a3 to orders      | line 5: no such step
            7 weeks pass              | line 5: no such step
            durability HIGH           | line 5: no such step
            orders: A1                | line 5: no such step: 'orders: A1'
            """)
    void aStepThatNobodyKnowsIsRefusedBeforeAnythingIsPlayed(String step, String message) {
        String said = messageOf(OPEN + step + "\n----\norders: |\n");
        assertTrue(said.startsWith(message), said);
        assertTrue(said.contains("WHO sends RECORDS to TOPIC again"), said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            A commits                 ; line 6: no such state: 'A commits'; expected 'TOPIC: A1 |'
            the orders: |             ; line 6: no such state
            : |                       ; line 6: no such state
            """)
    void aStateThatNobodyKnowsIsRefused(String state, String message) {
        String said = messageOf(OPEN + "----\n" + state + "\n");
        assertTrue(said.startsWith(message), said);
    }

    @Test
    void stepsAndStatesTakeTurnsAndAStateIsLast() {
        assertEquals("line 1: nothing stands before ----, expected a step, such as 'A opens billing'", messageOf(
                "----\n"));
        assertEquals("line 6: nothing stands before ----, expected a state, such as 'orders: A1 |'", messageOf(OPEN
                + "----\n----\nA commits\n"));
        assertEquals("line 4: a story ends with ---- and the state that is expected then", messageOf(OPEN));
        assertEquals("line 1: a story ends with ---- and the state that is expected then", messageOf(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            B commits                    | line 5: 'B commits': there is no B in this life of the process; first
            A sends A3 to orderz         | line 5: 'A sends A3 to orderz': there is no topic 'orderz'; there are [orders]
            A sends A1 A2 to orders      | line 5: 'A sends A1 A2 to orders': it has sent [A1, A2] to orders before
            A sends A1 to orders again   | line 5: 'A sends A1 to orders again': it never sent [A1] to orders as one batch
            durability POWER             | line 5: 'durability POWER': the directory is open already
            A is free again              | line 5: 'A is free again': A is not busy
            an operator aborts shop      | line 5: 'an operator aborts shop': nobody ever opened shop
            """)
    void aStepThatCanNotBePlayedSaysWhatIsMissing(String step, String message) {
        String said = messageOf(OPEN + step + "\n----\norders: |\n");
        assertTrue(said.startsWith(message), said);
    }

    @Test
    void whatDiedWithTheProcessActsNoMore() {
        String said = messageOf(OPEN + "the process dies\nA commits\n----\norders: |\n");
        assertTrue(said.startsWith("line 6: 'A commits': there is no A in this life of the process"), said);
    }

    private static String messageOf(String script) {
        return assertThrows(ScriptException.class, () -> Script.play(script)).getMessage();
    }

    @Test
    void anotherAnswerThanExpectedIsToldWithItsLine() {
        assertEquals("""
                line 6: 'A commits' was answered 'invalid state', expected 'done'; by then
                  orders: ~A1 ~A2 abort(billing@0) |
                """, failureOf(OPEN + "A aborts\nA commits\n----\norders: |\n"));
        assertTrue(failureOf(OPEN + "A commits -> fenced\n----\norders: |\n").startsWith(
                "line 5: 'A commits -> fenced' was answered 'done', expected 'fenced'"));
        assertTrue(failureOf(OPEN + "records of orders before 2 are deleted\n----\norders: |\n").startsWith(
                "line 5: 'records of orders before 2 are deleted' failed: java.lang.IllegalArgumentException"));
    }

    @Test
    void anotherStateThanExpectedIsToldInTwoPictures() {
        assertEquals("""
                line 7: another state than expected
                       expected                            actual
                  !=>  orders: A1 A2 commit(billing@0) |   ~A1 ~A2 abort(billing@0) |
                       uncommitted orders: A1 A2           A1 A2
                """, failureOf(OPEN + """
                A aborts
                ----
                orders: A1 A2 commit(billing@0) |
                uncommitted orders: A1 A2
                """));
    }

    /** The last stable offset may stand anywhere, so a picture that leaves it out is another one. */
    @Test
    void aPictureWithoutTheStableOffsetIsAnother() {
        String said = failureOf(OPEN + "----\norders: A1 A2\n");
        assertTrue(said.contains("!=>  orders: A1 A2   | A1 A2"), said);
    }

    private static String failureOf(String script) {
        return assertThrows(AssertionError.class, () -> Script.play(script)).getMessage();
    }
}
