package io.semel.server.inspect;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.CommandLines;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;

class VerifyLogCommandTest {
    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int verify(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = CommandLines.prepare(new CommandLine(new VerifyLogCommand()));
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    void aCleanDirectoryHasNoFindings() throws Exception {
        Path directory = WrittenDirectory.write(scratch.resolve("data"));
        int code = verify(directory.toString());
        System.out.println(out + " " + err);
        assertEquals(0, code, out::toString);
        java.nio.file.Files.walk(directory).forEach(System.out::println);
    }
}
