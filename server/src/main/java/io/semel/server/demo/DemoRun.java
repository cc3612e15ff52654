package io.semel.server.demo;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.client.Semel;
import io.semel.server.StatusLine;
import io.semel.server.child.ChildJvm;

/**
 * Supervises the workers: starts one after the other, kills them when it is their time, and lets the last one finish.
 *
 * <p>Thread rule: one thread.
 */
final class DemoRun {
    private static final long LOOK_INTERVAL_MS = 5;

    /** A worker that has not opened the directory by then hangs. */
    private static final long READY_TIMEOUT_MS = 60_000;

    /** A worker that has committed nothing by then is killed all the same. */
    private static final long WARM_UP_TIMEOUT_MS = 10_000;

    /** Without a line more in this time, the work hangs. */
    private static final long STALL_TIMEOUT_MS = 60_000;

    private final Path directory;
    private final DemoSettings settings;
    private final Expected expected;
    private final KillSchedule schedule;
    private final int kills;
    private final StatusLine status;
    private final DemoProgress progress;
    private int killed;
    private long workNs;

    DemoRun(Path directory, DemoSettings settings, Expected expected, KillSchedule schedule, int kills,
            StatusLine status) {
        this.directory = directory;
        this.settings = settings;
        this.expected = expected;
        this.schedule = schedule;
        this.kills = kills;
        this.status = status;
        this.progress = new DemoProgress(schedule.firstLine());
    }

    /** Returns when the last worker has finished. */
    void run() throws IOException, InterruptedException {
        while (killed < kills) {
            runAndKill(schedule.lineOfKill(killed));
        }
        runToTheEnd();
        show();
        status.finish();
    }

    private void runAndKill(long line) throws IOException, InterruptedException {
        try (ChildJvm worker = start(schedule.lineLimitBeforeLastKill(), WorkerOptions.Ending.WAIT_TO_BE_KILLED,
                schedule.linesPerSecond())) {
            awaitReady(worker);
            long readyNs = System.nanoTime();
            long beganNs = readyNs;
            while (progress.linesFed() < line && millisSince(beganNs) < KillSchedule.LONGEST_LIFE_MS) {
                if (!isAtWork() && millisSince(readyNs) < WARM_UP_TIMEOUT_MS) {
                    beganNs = System.nanoTime();
                }
                lookAfter(worker);
            }
            worker.awaitExit(schedule.jitterMs());
            if (!worker.kill()) {
                throw died(worker);
            }
            workNs += System.nanoTime() - readyNs;
            killed++;
        }
    }

    /** A busy machine may take long to the first commit, and a kill before it would be none of work. */
    private boolean isAtWork() {
        return progress.currentCommits() > 0 || progress.linesFed() >= schedule.lineLimitBeforeLastKill();
    }

    private void runToTheEnd() throws IOException, InterruptedException {
        try (ChildJvm worker = start(expected.lines(), WorkerOptions.Ending.END_WHEN_COUNTED, 0)) {
            awaitReady(worker);
            long readyNs = System.nanoTime();
            long movedNs = readyNs;
            long seen = -1;
            while (worker.isAlive()) {
                worker.awaitExit(LOOK_INTERVAL_MS);
                show();
                long now = progress.linesFed() + progress.wordsOut();
                if (now != seen) {
                    seen = now;
                    movedNs = System.nanoTime();
                } else if (millisSince(movedNs) > STALL_TIMEOUT_MS) {
                    throw new IllegalStateException("the demo made no progress for " + STALL_TIMEOUT_MS
                            + " ms at line " + progress.linesFed() + " of " + expected.lines());
                }
            }
            if (worker.exitCode() != 0 || !progress.isDone()) {
                throw died(worker);
            }
            workNs += System.nanoTime() - readyNs;
        }
    }

    private ChildJvm start(long lineLimit, WorkerOptions.Ending ending, double linesPerSecond) throws IOException {
        progress.beginWorker();
        WorkerOptions options = new WorkerOptions(directory, settings.text(), settings.passes(), lineLimit, ending,
                linesPerSecond, schedule.linesPerTransaction(), settings.semantics());
        return ChildJvm.start(DemoWorker.class, options.toArguments(), progress::take);
    }

    private void awaitReady(ChildJvm worker) throws InterruptedException {
        long startNs = System.nanoTime();
        while (!progress.isReady()) {
            lookAfter(worker);
            if (millisSince(startNs) > READY_TIMEOUT_MS) {
                throw new IllegalStateException("worker has not opened " + directory + " within " + READY_TIMEOUT_MS
                        + " ms");
            }
        }
    }

    private void lookAfter(ChildJvm worker) throws InterruptedException {
        if (worker.awaitExit(LOOK_INTERVAL_MS) && !(progress.isReady() && worker.exitCode() == 0)) {
            throw died(worker);
        }
        show();
    }

    private static IllegalStateException died(ChildJvm worker) throws InterruptedException {
        return new IllegalStateException("the worker ended by itself with exit code " + worker.exitCode()
                + "; what it said stands above");
    }

    private static long millisSince(long ns) {
        return (System.nanoTime() - ns) / 1_000_000;
    }

    private void show() {
        status.update("lines in %,d/%,d   words out %,d   commits %,d   kills %d/%d   recoveries %d".formatted(
                progress.linesFed(), expected.lines(), progress.wordsOut(), progress.commits(), killed, kills,
                progress.recoveries()));
    }

    DemoProgress progress() {
        return progress;
    }

    int killed() {
        return killed;
    }

    /** Seconds in which a worker was at work: neither starting nor recovering. */
    double workSeconds() {
        return workNs / 1e9;
    }

    /** Compares what the last worker left; opens the directory as any user would. */
    static Comparison compare(Path directory, Expected expected, DemoSettings settings) throws IOException {
        try (Semel semel = Semel.open(directory)) {
            return Comparison.of(semel, expected, settings.semantics());
        }
    }
}
