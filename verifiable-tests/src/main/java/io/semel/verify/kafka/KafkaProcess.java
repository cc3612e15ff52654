package io.semel.verify.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One of Kafka's main classes in a child JVM, which dies with this process.
 *
 * <p>Thread rule: one owner; the lines arrive on a thread of their own.
 */
final class KafkaProcess implements AutoCloseable {
    /** Kafka's tools and one small broker need less. */
    private static final String HEAP = "-Xmx512m";
    private static final int FIRST_JDK_THAT_WARNS = 24;

    /** What a failure's message shows: an exception and what led to it. */
    private static final int LINES_SHOWN = 60;
    private static final int CHARACTERS_SHOWN = 300;

    private final String name;
    private final Process process;
    private final Thread reader;
    private final int linesKept;
    /** The last lines that the process said, on either output. Guarded by this. */
    private final Deque<String> lines = new ArrayDeque<>();
    private boolean said;
    private boolean ended;

    private KafkaProcess(String name, Process process, int linesKept, String awaited) {
        this.name = name;
        this.process = process;
        this.linesKept = linesKept;
        this.reader = new Thread(() -> readLines(awaited), name + " " + process.pid());
        reader.setDaemon(true);
    }

    /**
     * @param linesKept of what it says, the last so many lines
     * @param awaited part of the line that {@link #awaitSaid} waits for
     */
    static KafkaProcess start(KafkaClassPath classPath, String mainClass, List<String> arguments, int linesKept,
            String awaited) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP,
                // These processes live for seconds: the compiler that starts fast is the faster one.
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-cp",
                classPath.read(),
                KafkaMain.class.getName(), mainClass));
        if (Runtime.version().feature() >= FIRST_JDK_THAT_WARNS) {
            // Kafka unmaps, and loads its codecs, in ways of which newer JDKs warn: among its tools' findings.
            command.addAll(1, List.of("--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED"));
        }
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        KafkaProcess started = new KafkaProcess(mainClass, process, linesKept, awaited);
        started.reader.start();
        return started;
    }

    private void readLines(String awaited) {
        try (BufferedReader output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null) {
                keep(line, line.contains(awaited));
                line = output.readLine();
            }
        } catch (IOException e) {
            keep("its output broke off: " + e, false);
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    private synchronized void keep(String line, boolean isAwaited) {
        if (lines.size() == linesKept) {
            lines.removeFirst();
        }
        lines.addLast(line);
        said |= isAwaited;
        notifyAll();
    }

    /** Waits for the line; false when it does not come in time, or the process ends before. */
    synchronized boolean awaitSaid(long timeoutMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long leftMs = timeoutMs;
        while (!said && !ended && leftMs > 0) {
            wait(leftMs);
            leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        }
        return said;
    }

    /** The lines kept, once the process has ended by itself with code 0; anything else fails with what it said. */
    List<String> awaitSuccess(long timeoutMs) throws InterruptedException {
        if (!process.waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
            throw failure("did not end in " + timeoutMs + " ms");
        }
        reader.join();
        if (process.exitValue() != 0) {
            throw failure("ended with code " + process.exitValue());
        }
        return lines();
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    IllegalStateException failure(String what) {
        List<String> all = lines();
        StringBuilder message = new StringBuilder(name).append(" (pid ").append(process.pid()).append(") ").append(what)
                .append("; it said last:");
        for (String line : all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size())) {
            message.append('\n').append(line, 0, Math.min(line.length(), CHARACTERS_SHOWN));
        }
        return new IllegalStateException(message.toString());
    }

    /** SIGTERM; false when it had to be killed after all. */
    boolean terminate(long timeoutMs) throws InterruptedException {
        // Process.destroy would also close the pipe with which the child dies at once: it could finish nothing.
        process.toHandle().destroy();
        boolean inTime = process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        reader.join();
        return inTime;
    }

    /** Kills the process if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
