package io.semel.verify.realdisk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a command of the system that needs no input and says little. Stateless. */
final class SystemCommand {
    private SystemCommand() {
    }

    /** @throws IOException when it can't be run or fails, with what it said */
    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = exitCode(process, command);
        if (code != 0) {
            throw new IOException("'" + String.join(" ", command) + "' ended with exit code " + code + ": "
                    + said.replaceAll("\\s+", " "));
        }
    }

    private static int exitCode(Process process, List<String> command) throws InterruptedIOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it ran: " + String.join(" ", command));
        }
    }
}
