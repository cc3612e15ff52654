package io.semel.server.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A worker process of the same Java and class path, supervised through pipes: it reports by lines on its standard
 * output, and lives no longer than the pipe on its standard input (see {@link #dieWithParent()}), so none is left
 * behind.
 *
 * <p>Thread rule: one owner; the lines arrive on a thread of their own, in order.
 */
public final class ChildJvm implements AutoCloseable {
    /** What a process killed by SIGKILL exits with, as Java and shells report it: 128 + 9. */
    public static final int KILLED = 137;

    private final Process process;
    private final Thread lines;

    private ChildJvm(Process process, Thread lines) {
        this.process = process;
        this.lines = lines;
    }

    /** Starts {@code main}; its error output goes where ours goes. */
    public static ChildJvm start(Class<?> main, List<String> arguments, Consumer<String> onLine) throws IOException {
        return start(List.of(), main, arguments, onLine);
    }

    /** As {@link #start(Class, List, Consumer)}, with options for its JVM. */
    public static ChildJvm start(List<String> jvmOptions, Class<?> main, List<String> arguments,
            Consumer<String> onLine) throws IOException {
        return start(jvmOptions, System.getProperty("java.class.path"), main, arguments, onLine);
    }

    /** As {@link #start(List, Class, List, Consumer)}, with another class path. */
    public static ChildJvm start(List<String> jvmOptions, String classPath, Class<?> main, List<String> arguments,
            Consumer<String> onLine) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(classPath);
        command.add(main.getName());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Thread lines = new Thread(() -> readLines(process, onLine), "lines of " + process.pid());
        lines.setDaemon(true);
        lines.start();
        return new ChildJvm(process, lines);
    }

    private static void readLines(Process process, Consumer<String> onLine) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null) {
                onLine.accept(line);
                line = reader.readLine();
            }
        } catch (IOException e) {
            // The pipe of a killed process may end in an error as well as at its end; both mean that no line follows.
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits up to {@code timeoutMs} for the process to end. */
    public boolean awaitExit(long timeoutMs) throws InterruptedException {
        return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** The exit code, once the process has ended and its last line was delivered. */
    public int exitCode() throws InterruptedException {
        int code = process.waitFor();
        lines.join();
        return code;
    }

    /**
     * {@code kill -9}: on Unix this is SIGKILL, which no process can catch or delay. Returns when the process is gone
     * and its last line was delivered.
     *
     * @return whether it died of this, and had not ended by itself before
     */
    public boolean kill() throws InterruptedException {
        // Process.destroyForcibly would close the pipe, too, with the last lines in it.
        process.toHandle().destroyForcibly();
        return exitCode() == KILLED;
    }

    /** Kills the process if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** For the child: ends this JVM at once when its parent is gone. */
    public static void dieWithParent() {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nobody writes; only the end of the pipe means something.
                }
            } catch (IOException e) {
                // The pipe broke: the parent is gone as well.
            }
            Runtime.getRuntime().halt(KILLED);
        }, "parent watch");
        watch.setDaemon(true);
        watch.start();
    }
}
