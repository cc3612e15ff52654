package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The one command for the long run, with counts of seconds. */
class LongCommandTest {
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
    void aSmallShareReachesItsCountsAndSaysThatItWasOne() throws IOException {
        Path json = scratch.resolve("made/long.json");
        assertEquals(0, run("long", "--only", "engine", "--only", "faults", "--only", "kills", "--count", "engine=64",
                "--count", "faults=1", "--count", "kills=2", "--seed", "20", "--json", json.toString()), this::said);
        assertTrue(said().contains("this was a share of a long run"), this::said);
        assertTrue(said().contains(
                "Left out: protocol, matrix, log-kills, full-disks, librdkafka, delays, races, mutants, teeth"),
                this::said);
        String written = Files.readString(json);
        assertTrue(written.contains(
                "\"what\":\"crash images recovered\",\"whole\":1000000,\"wanted\":64,\"reached\":64"),
                written);
        assertTrue(written.contains("\"what\":\"processes killed\",\"whole\":2000,\"wanted\":2,\"reached\":2"),
                written);
    }

    @Test
    void aPartThatFindsDamageEndsInExitCodeOneAndTheNextStillRuns() throws IOException {
        Path json = scratch.resolve("long.json");
        assertEquals(1, run("long", "--only", "kills", "--only", "log-kills", "--count", "kills=3", "--count",
                "log-kills=1", "--sabotage", "fencing", "--seed", "20", "--json", json.toString()), this::said);
        assertTrue(said().contains("BROKEN kills: see above what ./semel verify kills --kills 3 --seed 20 --sabotage "
                + "fencing found"), this::said);
        String written = Files.readString(json);
        assertTrue(written.contains("{\"name\":\"kills\",\"verdict\":\"broken\""), written);
        assertTrue(written.contains("{\"name\":\"log-kills\",\"verdict\":\"held\""), written);
    }

    @Test
    void helpNamesEveryPart() {
        assertEquals(0, run("long", "--help"));
        for (LongPart part : LongPart.values()) {
            assertTrue(said().contains("\n  " + part.label() + " "), this::said);
        }
    }

    @Test
    void aResultThatHasNoPlaceIsBadUsageInOneLine() throws IOException {
        Path file = Files.createFile(scratch.resolve("file"));
        assertEquals(2, run("long", "--only", "engine", "--count", "engine=1", "--json", file + "/long.json"));
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().contains("the result can't be written to " + file), err::toString);
        assertFalse(said().contains("=== part"), this::said);
    }

    @Test
    void whatCanNotBeRunIsToldInOneLine() {
        assertEquals(2, run("long", "--only", "everything"));
        assertEquals(2, run("long", "--share", "2"));
        assertEquals(2, run("long", "--only", "races", "--count", "races=5"));
        assertEquals(2, run("long", "--only", "engine", "--count", "engine=0"));
        assertEquals(2, run("long", "--only", "engine", "--skip", "engine"));
        assertEquals(5, err.toString().lines().count(), err::toString);
    }

    private String said() {
        return out + "\n" + err;
    }
}
