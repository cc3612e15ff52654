package io.semel.verify.scenarios;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.verify.VerifyMain;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A small share of each scenario, as a user runs it: real processes, real kills. */
class ScenariosTest {
    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = VerifyMain.newCommandLine();
        return commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true)).execute(arguments);
    }

    private void assertHolds(String... arguments) {
        assertEquals(0, run(arguments), out::toString);
        assertTrue(out.toString().contains("Everything held"), out::toString);
    }

    /** The number behind a name in the table of totals. */
    private long total(String name) {
        return out.toString().lines().map(String::strip).filter(line -> line.startsWith(name)).mapToLong(line -> Long
                .parseLong(line.substring(name.length()).strip().replace(",", ""))).sum();
    }

    @Test
    void exactlyOnceHoldsWhileCopiersJoinLeaveVanishAndTheProcessIsKilled() {
        assertHolds("rebalance", "--kills", "1", "--seconds", "4", "--seed", "7");
        assertEquals(1, total("processes killed"), out::toString);
        assertTrue(total("records in the output, at the end") > 0, out::toString);
    }

    @Test
    void atLeastOnceHoldsThroughRollingRestarts() {
        assertHolds("rolling", "--semantics", "at-least-once", "--kills", "0", "--seconds", "3", "--seed", "7");
    }

    @Test
    void atMostOnceHoldsWhileCopiersVanish() {
        assertHolds("rebalance", "--semantics", "at-most-once", "--kills", "1", "--seconds", "3", "--seed", "7");
    }

    @Test
    void aZombieIsRefusedAndAHungProducerHoldsNobodyBackForLong() {
        assertHolds("zombie", "--kills", "0", "--seconds", "3", "--seed", "7");
        assertTrue(total("programs stalled and fenced") > 0, out::toString);
        assertHolds("hung", "--kills", "0", "--seconds", "3", "--seed", "7");
    }

    @Test
    void withoutFencingTheZombieIsFoundAndStandsInItsReport() throws Exception {
        Path page = scratch.resolve("zombie.html");
        assertEquals(1, run("zombie", "--kills", "0", "--seconds", "3", "--seed", "7", "--sabotage", "fencing",
                "--html",
                page.toString()), out::toString);
        assertTrue(out.toString().contains("was fenced (T6), and afterwards"), out::toString);
        assertTrue(Files.readString(page).contains("was fenced (T6), and afterwards"), out::toString);
    }

    @Test
    void aDecisionIsCarriedOutInFullWhereverTheProcessDied() {
        assertEquals(0, run("decision", "--kills", "2", "--seed", "7"), out::toString);
        assertEquals(2, total("processes killed"), out::toString);
    }

    @Test
    void twoCellsOfTheMatrixHold() {
        assertHolds("matrix", "--histories", "2", "--kills", "1", "--seed", "7");
        assertEquals(2, total("histories checked"), out::toString);
    }

    @Test
    void killsTellTheirHistory() throws Exception {
        assertHolds("kills", "--kills", "2", "--seed", "7", "--history", scratch.toString());
        assertTrue(total("events that the checker judged") > 0, out::toString);
        assertEquals(0, run("history", "--complete", scratch.resolve("kills.jsonl").toString()), out::toString);
    }

    @Test
    void withoutTheSequenceCheckTheHistoryOfTheKillsShowsTheDuplicates() throws Exception {
        Path json = scratch.resolve("kills.json");
        assertEquals(1, run("kills", "--kills", "1", "--seed", "7", "--sabotage", "sequence-check", "--history", scratch
                .toString(), "--json", json.toString()), out::toString);
        assertTrue(Files.readString(json).contains("\"what\":\"duplicate\""), out::toString);
    }
}
