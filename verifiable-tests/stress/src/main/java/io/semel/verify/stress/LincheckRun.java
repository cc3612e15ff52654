package io.semel.verify.stress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Walks the interleavings of one scenario in a JVM of its own, before other classes. Thread rule: immutable. */
public final class LincheckRun {
    private static final int SOUND = 0;
    private static final int BROKEN = 3;

    /** A walk takes seconds; on a machine that does other things a minute. */
    private static final int LIMIT_MINUTES = 10;

    private final Path scratch;
    private final String classPath;

    LincheckRun(Path scratch, Path classesBefore) {
        this.scratch = scratch;
        this.classPath = classesBefore + File.pathSeparator + System.getProperty("java.class.path");
    }

    /**
     * Whether an interleaving of the scenario breaks what must hold, after {@code factor} times the walks of a build.
     */
    boolean breaks(String scenario, int factor) throws IOException, InterruptedException {
        Path said = Files.createTempFile(scratch, "lincheck", ".txt");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+EnableDynamicAgentLoading", "-cp", classPath, LincheckRun.class.getName(), scenario,
                String.valueOf(factor)).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException(scenario + " was not walked within " + LIMIT_MINUTES + " minutes");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != SOUND && process.exitValue() != BROKEN) {
            List<String> lines = Files.readAllLines(said);
            throw new IOException(scenario + " could not be walked: exit code " + process.exitValue() + "\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
        return process.exitValue() == BROKEN;
    }

    /** The scenario's simple name, and how many times the walks of a build. */
    public static void main(String[] args) {
        try {
            Interleavings.named(args[0]).times(Integer.parseInt(args[1])).walk();
        } catch (AssertionError e) {
            System.out.println(e.getMessage());
            System.exit(BROKEN);
        }
        System.exit(SOUND);
    }
}
