package io.semel.server.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.server.CommandLines;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Parent and workers as real processes, killed for real. */
class DemoEndToEndTest {
    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int demo(String... arguments) {
        out.getBuffer().setLength(0);
        CommandLine commandLine = CommandLines.prepare(new CommandLine(new DemoCommand()));
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    private Path text() throws IOException {
        return Files.write(scratch.resolve("text.txt"),
                Collections.nCopies(500, "Once upon a midnight dreary, while I pondered, weak and weary"));
    }

    @Test
    void twoKillsLoseAndDuplicateNothingAndASecondRunFindsItComplete() throws IOException {
        String[] arguments = {"--kills", "2", "--input", text().toString(), "--data", scratch.resolve("data")
                .toString()};
        assertEquals(0, demo(arguments), () -> out + "\n" + err);
        assertTrue(out.toString().contains("kills survived"), out::toString);
        assertTrue(out.toString().contains("exactly once"), out::toString);

        assertEquals(0, demo(arguments), () -> out + "\n" + err);
        assertTrue(out.toString().contains("Already complete"), out::toString);
        assertEquals(0, demo("--data", scratch.resolve("data").toString()), () -> out + "\n" + err);

        assertEquals(2, demo("--semantics", "at-most-once", "--data", scratch.resolve("data").toString()));
        assertTrue(err.toString().contains("other semantics"), err::toString);
    }

    @Test
    void theComparisonFindsARecordTooMuch() throws IOException {
        Path data = scratch.resolve("data");
        String[] arguments = {"--kills", "0", "--input", text().toString(), "--data", data.toString()};
        assertEquals(0, demo(arguments), () -> out + "\n" + err);
        try (Semel semel = Semel.open(data);
                TransactionalAppender intruder = semel.openTransactionalAppender("intruder")) {
            intruder.begin();
            intruder.append(intruder.target(DemoTopics.LINES, 0), "0".getBytes(), Files.readAllLines(text()).get(0)
                    .getBytes());
            intruder.commit();
        }
        assertEquals(1, demo(arguments), () -> out + "\n" + err);
        List<String> duplicates = out.toString().lines().filter(line -> line.contains("duplicates")).toList();
        assertTrue(duplicates.get(0).matches(".*duplicates +1 +0"), duplicates::toString);
    }
}
