package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VerifyMainTest {
    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = VerifyMain.newCommandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    void theListNamesTheScenarios() {
        assertEquals(0, run("--list"));
        assertTrue(out.toString().startsWith("kills "), out::toString);
        for (String scenario : List.of("rebalance", "rolling", "zombie", "hung", "decision", "matrix")) {
            assertTrue(out.toString().lines().anyMatch(line -> line.startsWith(scenario + " ")), out::toString);
        }
        assertTrue(out.toString().contains("proves T1 T8 G1"), out::toString);
    }

    @Test
    void helpTeachesByExamples() {
        assertEquals(0, run("kills", "--help"));
        assertTrue(out.toString().contains("./semel verify kills --kills 200"), out::toString);
    }

    @Test
    void theStressScenarioNeedsAKnownMode() {
        assertEquals(0, run("stress", "--help"));
        assertTrue(out.toString().contains("./semel verify stress --mutants"), out::toString);
        assertEquals(2, run("stress", "--mode", "gentle"));
    }

    @Test
    void theDiskScenarioNeedsAKnownFileSystem() {
        assertEquals(0, run("disk", "--help"));
        assertTrue(out.toString().contains("./semel verify disk --kills 2000 --full-disks 100"), out::toString);
        assertEquals(2, run("disk", "--file-system", "ntfs"));
        assertTrue(err.toString().contains("there are tmpfs, ext4, ext4-1k"), err::toString);
    }

    @Test
    void theLibrdkafkaScenarioNeedsAKnownSabotage() {
        assertEquals(0, run("librdkafka", "--help"));
        assertTrue(out.toString().contains("./semel verify librdkafka --sabotage data"), out::toString);
        assertEquals(2, run("librdkafka", "--sabotage", "everything"));
    }

    @Test
    void everyCommandTeachesByAnExampleOfItsOwn() {
        VerifyMain.newCommandLine().getSubcommands().keySet().forEach(name -> {
            out.getBuffer().setLength(0);
            assertEquals(0, run(name, "--help"));
            assertTrue(out.toString().contains("  ./semel verify " + name), out::toString);
        });
    }

    @Test
    void aScenarioRefusesSemanticsThatHaveNoPartInIt() {
        assertEquals(2, run("zombie", "--semantics", "at-least-once"));
        assertTrue(err.toString().contains("it is about exactly-once"), err::toString);
        assertEquals(2, run("matrix", "--cell", "nobody"));
        assertTrue(err.toString().contains("--list names them"), err::toString);
    }

    @Test
    void badUsageIsToldInOneLine() throws IOException {
        assertEquals(2, run("kills", "--kills", "-1"));
        assertEquals(2, run("kills", "--sabotage", "everything"));
        assertEquals(2, run("murder"));
        Files.createFile(scratch.resolve("something"));
        assertEquals(2, run("kills", "--data", scratch.toString()));
        assertEquals(4, err.toString().lines().count(), err::toString);
    }
}
