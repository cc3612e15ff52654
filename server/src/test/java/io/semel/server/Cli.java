package io.semel.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The command line in this process, and what its last command printed. */
final class Cli {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = SemelCommand.newCommandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    /** What a command prints that must succeed. */
    String good(String... arguments) {
        assertEquals(0, run(arguments), err::toString);
        return out.toString();
    }

    List<String> lines(String... arguments) {
        return good(arguments).lines().toList();
    }

    void assertRefused(String mustSay, String... arguments) {
        assertEquals(2, run(arguments), () -> "was not refused: " + out);
        assertTrue(err.toString().contains(mustSay), err::toString);
        assertEquals(1, err.toString().lines().count(), () -> "one line, no stack trace: " + err);
    }
}
