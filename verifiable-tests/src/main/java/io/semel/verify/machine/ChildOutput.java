package io.semel.verify.machine;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a program of the system said before it ended, or was killed because it did not.
 *
 * @param exitCode {@link #KILLED} when it had to be
 */
public record ChildOutput(List<String> command, int exitCode, byte[] out, String err) {
    public static final int KILLED = -1;

    /** What a message shows of it: the end, where programs say what is wrong. */
    private static final int CHARACTERS_SHOWN = 600;

    /**
     * Runs a program that needs no input; its output goes by two files in {@code scratch}, so it never waits for us.
     */
    public static ChildOutput of(List<String> command, Path scratch, long limitMs) throws IOException,
            InterruptedException {
        Path out = Files.createTempFile(scratch, "out", "");
        Path err = Files.createTempFile(scratch, "err", "");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile()).redirectError(err.toFile());
            // Nobody is there to answer a package's questions.
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            int exitCode = exitCode(builder.start(), limitMs);
            return new ChildOutput(command, exitCode, Files.readAllBytes(out),
                    new String(Files.readAllBytes(err), StandardCharsets.UTF_8).strip());
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static int exitCode(Process process, long limitMs) throws InterruptedException {
        try {
            return process.waitFor(limitMs, TimeUnit.MILLISECONDS) ? process.exitValue() : KILLED;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    public boolean succeeded() {
        return exitCode == 0;
    }

    public String failure() {
        String end = exitCode == KILLED ? "did not end, and was killed" : "ended with exit code " + exitCode;
        String said = err.replaceAll("\\s+", " ");
        return "'" + String.join(" ", command) + "' " + end + "; it said: "
                + said.substring(Math.max(0, said.length() - CHARACTERS_SHOWN));
    }
}
