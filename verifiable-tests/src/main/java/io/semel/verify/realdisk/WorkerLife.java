package io.semel.verify.realdisk;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.semel.server.child.ChildJvm;
import io.semel.server.child.ReportLine;
import io.semel.verify.realdisk.worker.BrokenPromiseException;
import io.semel.verify.realdisk.worker.EngineWorker;
import io.semel.verify.realdisk.worker.WorkerOptions;

/**
 * One worker as its supervisor sees it. However it ends, it must not have ended by itself, nor reported a broken
 * promise, nor left a file that says that the JVM crashed (L5).
 *
 * <p>Thread rule: lines arrive on a thread of their own, the rest is the supervisor's.
 */
final class WorkerLife implements Closeable {
    private static final String ERROR_FILE_PREFIX = "hs_err_pid";

    private static final int LIVES_PER_OPTIMIZED = 5;

    private final Path errors;
    private final Leftovers leftovers;
    private ChildJvm process;
    private boolean ready;
    private long records;
    private long acknowledged;
    private String refused = "";
    private String broken = "";
    private long timesFull;
    private long unclosed;
    private boolean done;
    private long[] turns = {};
    private long[] progress = new long[WorkerOptions.PARTITIONS];

    private WorkerLife(Path errors, Leftovers leftovers) {
        this.errors = errors;
        this.leftovers = leftovers;
    }

    static WorkerLife start(WorkerOptions options, Path errors, Leftovers leftovers) throws IOException {
        WorkerLife life = new WorkerLife(errors, leftovers);
        // The log's own words about every torn tail and full disk would be thousands of lines.
        List<String> jvm = List.of(jit(options.life()), "-XX:ErrorFile=" + errors.resolve(ERROR_FILE_PREFIX + "%p.log"),
                "-XX:-CreateCoredumpOnCrash", "-Xmx512m", "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.log.io.semel.log=off");
        life.process = ChildJvm.start(jvm, EngineWorker.class, options.toArguments(), text -> ReportLine.parse(text)
                .ifPresent(life::take));
        return life;
    }

    /** Most are dead before the optimizing compiler is done; some must meet it all the same. */
    private static String jit(int life) {
        return life % LIVES_PER_OPTIMIZED == 0 ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1";
    }

    private synchronized void take(ReportLine line) {
        switch (line.kindIn(EngineWorker.Kind.class)) {
            case READY -> {
                ready = true;
                records = line.counts()[0];
                acknowledged = line.counts()[1];
            }
            case REFUSED -> refused = line.rest();
            case PROGRESS -> progress = line.counts();
            case FULL -> timesFull++;
            case TURNS -> turns = line.counts();
            case UNCLOSED -> unclosed++;
            case BROKEN -> broken = line.rest();
            case DONE -> done = true;
        }
        notifyAll();
    }

    static long countErrorFiles(Path errors) throws IOException {
        try (Stream<Path> files = Files.list(errors)) {
            return files.filter(each -> each.getFileName().toString().startsWith(ERROR_FILE_PREFIX)).count();
        }
    }

    /** Waits until the logs are open and all in them was found good, or opening was refused for want of room. */
    boolean awaitReadyOrRefused(long timeoutMs) throws IOException, InterruptedException {
        await("opening and checking the logs", timeoutMs, () -> ready || !refused.isEmpty());
        return isReady();
    }

    /** Waits until the disk is seen full once more. */
    void awaitFull(long timeoutMs) throws IOException, InterruptedException {
        long before = timesFull();
        await("filling the disk", timeoutMs, () -> timesFull > before);
    }

    /** Waits until every partition took appends that it had not taken yet, or is offline. Returns how many are. */
    int awaitAppends(long timeoutMs) throws IOException, InterruptedException {
        return awaitAppends(progress(), timeoutMs);
    }

    /** As well, of appends that {@code before} does not count. */
    int awaitAppends(long[] before, long timeoutMs) throws IOException, InterruptedException {
        await("appending where there is room", timeoutMs, () -> isPast(before));
        return offline();
    }

    /** Waits until the partitions take turns; returns what each had taken by then. */
    long[] awaitTurns(long timeoutMs) throws IOException, InterruptedException {
        await("taking turns", timeoutMs, () -> turns.length > 0);
        synchronized (this) {
            long[] begun = turns;
            turns = new long[0];
            return begun;
        }
    }

    /** How many partitions are offline. */
    int offline() {
        int offline = 0;
        for (long each : progress()) {
            offline += each < 0 ? 1 : 0;
        }
        return offline;
    }

    private boolean isPast(long[] before) {
        for (int index = 0; index < before.length; index++) {
            if (progress[index] >= 0 && progress[index] <= before[index]) {
                return false;
            }
        }
        return true;
    }

    private void await(String what, long timeoutMs, BooleanSupplier reached) throws IOException,
            InterruptedException {
        long deadlineMs = System.currentTimeMillis() + timeoutMs;
        while (!isReached(reached)) {
            if (!process.isAlive()) {
                // Its last line may have been on the way.
                int code = process.exitCode();
                if (isReached(reached)) {
                    return;
                }
                requireNothingBroken();
                throw new BrokenPromiseException("L5: worker ended with exit code " + code + " while " + what);
            }
            if (System.currentTimeMillis() > deadlineMs) {
                throw new BrokenPromiseException("L5: worker hangs: " + what + " takes more than " + timeoutMs
                        + " ms; appends taken by each partition: " + Arrays.toString(progress()));
            }
        }
    }

    private synchronized boolean isReached(BooleanSupplier reached) throws InterruptedException {
        if (!reached.getAsBoolean()) {
            wait(20);
        }
        return reached.getAsBoolean();
    }

    /** Lets it live on for so long. */
    void leaveAlone(long ms) throws InterruptedException {
        process.awaitExit(ms);
    }

    /** {@code kill -9}. Returns whether it was ready by then. */
    boolean kill() throws IOException, InterruptedException {
        boolean killed = process.kill();
        leftovers.forget(this);
        requireNothingBroken();
        // One that could not open its logs for want of room was about to end anyway.
        if (!killed && refused().isEmpty()) {
            throw new BrokenPromiseException("L5: worker ended by itself with exit code " + process.exitCode());
        }
        return isReady();
    }

    /** Waits until it has ended. Returns the logs that could not be closed for want of room. */
    long awaitEnd(long timeoutMs) throws IOException, InterruptedException {
        if (!process.awaitExit(timeoutMs)) {
            throw new BrokenPromiseException("L5: worker does not end within " + timeoutMs + " ms");
        }
        int code = process.exitCode();
        leftovers.forget(this);
        requireNothingBroken();
        synchronized (this) {
            if (refused.isEmpty() && (code != 0 || !done)) {
                throw new BrokenPromiseException("L5: worker ended with exit code " + code);
            }
            return unclosed;
        }
    }

    private void requireNothingBroken() throws IOException {
        try (Stream<Path> files = Files.list(errors)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith(ERROR_FILE_PREFIX))
                    .toList()) {
                throw new BrokenPromiseException("L5: the JVM crashed: " + Files.readAllLines(file).stream().limit(16)
                        .filter(line -> line.startsWith("#  ") || line.matches("# [CJjVv] .*")).map(line -> line
                                .substring(1).strip()).collect(Collectors.joining("; ")));
            }
        }
        synchronized (this) {
            if (!broken.isEmpty()) {
                throw new BrokenPromiseException(broken);
            }
        }
    }

    synchronized boolean isReady() {
        return ready;
    }

    private synchronized String refused() {
        return refused;
    }

    private synchronized long timesFull() {
        return timesFull;
    }

    private synchronized long[] progress() {
        return progress.clone();
    }

    synchronized long records() {
        return records;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized String refusal() {
        return refused;
    }

    @Override
    public void close() throws IOException {
        process.close();
        try {
            process.exitCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a killed worker ended");
        }
    }
}
