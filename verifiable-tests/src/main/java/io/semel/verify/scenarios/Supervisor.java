package io.semel.verify.scenarios;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.semel.server.child.ChildJvm;
import io.semel.verify.scenarios.Recording.Tally;

/**
 * Starts one worker after the other, shows how far it is, and kills it or waits for its end. Whatever does not go as it
 * must, it notes in the recording.
 *
 * <p>Thread rule: one thread.
 */
final class Supervisor {
    /** A worker that has not opened the directory by then hangs. */
    private static final long READY_TIMEOUT_MS = 60_000;

    private static final long LOOK_MS = 50;

    /** A worker lives for seconds; the second compiler would only take the processors from it. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-Dorg.slf4j.simpleLogger.log.io.semel=off");

    private final Recording recording;
    private final ScenarioProgress progress;
    private final int killsWanted;
    private int kills;
    private long shownDeadlineMs;

    Supervisor(Recording recording, ScenarioProgress progress, int killsWanted) {
        this.recording = recording;
        this.progress = progress;
        this.killsWanted = killsWanted;
    }

    int kills() {
        return kills;
    }

    ChildJvm start(Class<?> main, List<String> arguments) throws IOException {
        recording.beginLife();
        return ChildJvm.start(JVM_OPTIONS, main, arguments, recording::take);
    }

    boolean awaitReady(ChildJvm worker) throws InterruptedException {
        return await(worker, READY_TIMEOUT_MS, "ready", recording::isReady);
    }

    /** False, and told, when the worker ends or the time is over first. */
    boolean await(ChildJvm worker, long timeoutMs, String what, BooleanSupplier condition) throws InterruptedException {
        long giveUpMs = System.currentTimeMillis() + timeoutMs;
        while (!condition.getAsBoolean()) {
            if (worker.awaitExit(LOOK_MS)) {
                int code = worker.exitCode();
                violatedUnlessTold("the worker ended by itself, with exit code " + code);
                return false;
            }
            if (System.currentTimeMillis() > giveUpMs) {
                violatedUnlessTold("the worker was not " + what + " within " + timeoutMs + " ms");
                return false;
            }
            show();
        }
        return true;
    }

    /** What happened in it explains its end better. */
    private void violatedUnlessTold(String what) {
        if (recording.violations().isEmpty()) {
            recording.violated(what);
        }
    }

    void kill(ChildJvm worker) throws InterruptedException {
        if (worker.kill()) {
            kills++;
            recording.killed();
        } else {
            violatedUnlessTold("the worker ended by itself, with exit code " + worker.exitCode());
        }
        show();
    }

    void awaitEnd(ChildJvm worker, long timeoutMs) throws InterruptedException {
        long giveUpMs = System.currentTimeMillis() + timeoutMs;
        while (!worker.awaitExit(LOOK_MS)) {
            show();
            if (System.currentTimeMillis() > giveUpMs) {
                violatedUnlessTold("the worker did not come to its end within " + timeoutMs + " ms");
                worker.kill();
                return;
            }
        }
        int code = worker.exitCode();
        if (code != 0) {
            violatedUnlessTold("the worker ended with exit code " + code);
        }
        show();
    }

    /** Of the life under way, for whoever watches. */
    void endsIn(long ms) {
        shownDeadlineMs = System.currentTimeMillis() + ms;
    }

    private void show() {
        long leftMs = Math.max(0, shownDeadlineMs - System.currentTimeMillis());
        progress.update(new ScenarioProgress.State(kills, killsWanted, TimeUnit.MILLISECONDS.toSeconds(leftMs),
                recording.count(Tally.SENT), recording.count(Tally.COPIED), recording.count(Tally.COMMITTED), recording
                        .alive(), recording.violations().size()));
    }
}
