package io.semel.verify.clients;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.semel.verify.clients.Verdict.Outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Only the same answers, or a difference that is listed, pass. */
class VerdictTest {
    private static final Differences LISTED = Differences.parse("""
            contract: client
            fact: colour
            kafka: red
            semel: blue
            because: a reason
            """);

    private static Verdict compare(Telling kafkas, Telling semels) {
        return Verdict.compare("client", "client 1.0", kafkas, "semel", semels, LISTED);
    }

    private static Telling told(Map<String, String> answers) {
        return new Telling(answers, "");
    }

    @Test
    void whatIsListedPassesAndWhatIsNotIsAFault() {
        Verdict listed = compare(told(Map.of("colour", "red", "size", "1")), told(Map.of("colour", "blue", "size",
                "1")));
        assertEquals(List.of(), listed.faults());
        assertEquals(Outcome.ALLOWED, listed.steps().get("colour").outcome());
        assertEquals(Outcome.OK, listed.steps().get("size").outcome());
        Verdict other = compare(told(Map.of("colour", "red", "size", "1")), told(Map.of("colour", "blue", "size",
                "2")));
        assertEquals(1, other.faults().size());
        assertEquals(Outcome.DIFFERS, other.steps().get("size").outcome());
    }

    @Test
    void whatIsListedAndNotSoIsAFault() {
        assertEquals(1, compare(told(Map.of("colour", "red")), told(Map.of("colour", "red"))).faults().size());
    }

    @Test
    void aStepThatIsMissingAndAProgramThatBrokeOffAreFaults() {
        assertEquals(1, compare(told(Map.of("colour", "red", "size", "1")), told(Map.of("colour", "blue")))
                .faults().size());
        assertEquals(1, compare(told(Map.of("colour", "red")), new Telling(Map.of("colour", "blue"), "killed"))
                .faults().size());
    }

    @Test
    void theMatrixHasARowForEachStepAndAColumnForEachClient() {
        Verdict one = compare(told(Map.of("colour", "red")), told(Map.of("colour", "blue")));
        Verdict other = Verdict.alone("other", "other 2.0", told(Map.of("size", Telling.UNSUPPORTED)));
        StringWriter page = new StringWriter();
        ClientMatrix.write(new ClientRun.Result(List.of("Kafka", "Semel"), List.of(one, other)), "a command",
                new PrintWriter(page));
        assertTrue(page.toString().contains("| step | client 1.0 | other 2.0 |"), page::toString);
        assertTrue(page.toString().contains("| colour | listed |  |"), page::toString);
        assertTrue(page.toString().contains("| size |  | - |"), page::toString);
        assertTrue(page.toString().contains("- client, colour: Kafka's is <red>"), page::toString);
    }
}
