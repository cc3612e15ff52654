package io.semel.verify.scenarios;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.semel.server.child.ChildJvm;
import io.semel.verify.scenarios.ScenarioResult.Judged;
import io.semel.verify.scenarios.Script.Scene;
import io.semel.verify.scenarios.worker.Sabotage;
import io.semel.verify.scenarios.worker.Setting;
import io.semel.verify.scenarios.worker.Worker;

/**
 * Plays a script: each life in a process of its own, which prints its history and is killed or ends; then judges all of
 * it.
 *
 * <p>Thread rule: one thread.
 */
final class ScenarioRun {
    /** A worker whose programs have done nothing by then dies all the same. */
    private static final long WARM_UP_TIMEOUT_MS = 15_000;

    /** What a life may take beyond its time: waits of the worker's own end sooner, and say for what. */
    private static final long END_TIMEOUT_MS = 150_000;

    /** The same with a check switched off: such a life need not come to rest, and what it did wrong is told by then. */
    private static final long SABOTAGED_END_TIMEOUT_MS = 5_000;

    private final Recording recording;
    private final Supervisor supervisor;
    private final long endTimeoutMs;

    private ScenarioRun(Recording recording, Supervisor supervisor, Setting setting) {
        this.recording = recording;
        this.supervisor = supervisor;
        this.endTimeoutMs = setting.sabotage() == Sabotage.NONE ? END_TIMEOUT_MS : SABOTAGED_END_TIMEOUT_MS;
    }

    /** @param history where the lines of all programs go */
    static ScenarioResult run(Script script, Path history, ScenarioProgress progress) throws IOException,
            InterruptedException {
        long startNs = System.nanoTime();
        try (Recording recording = Recording.to(history)) {
            Supervisor supervisor = new Supervisor(recording, progress, script.kills());
            ScenarioRun run = new ScenarioRun(recording, supervisor, script.setting());
            for (Scene scene : script.scenes()) {
                if (recording.violations().isEmpty()) {
                    run.live(scene);
                }
            }
            recording.finish();
            return ScenarioResult.judge(script.setting(), Judged.COPIES, recording, supervisor.kills(),
                    TimeUnit.NANOSECONDS.toMillis(System
                            .nanoTime() - startNs));
        }
    }

    private void live(Scene scene) throws IOException, InterruptedException {
        try (ChildJvm worker = supervisor.start(Worker.class, scene.life().toArguments())) {
            if (!supervisor.awaitReady(worker)) {
                return;
            }
            if (scene.isKilled()) {
                kill(worker, scene);
            } else {
                supervisor.endsIn(scene.life().workMs());
                supervisor.awaitEnd(worker, scene.life().workMs() + endTimeoutMs);
            }
        }
    }

    private void kill(ChildJvm worker, Scene scene) throws InterruptedException {
        long warmUpEndMs = System.currentTimeMillis() + WARM_UP_TIMEOUT_MS;
        BooleanSupplier atWork = () -> isAtWork(scene) || System.currentTimeMillis() >= warmUpEndMs;
        if (!supervisor.await(worker, WARM_UP_TIMEOUT_MS + endTimeoutMs, "at work", atWork)) {
            return;
        }
        long killMs = System.currentTimeMillis() + scene.killedAfterMs();
        supervisor.endsIn(scene.killedAfterMs());
        BooleanSupplier due = () -> System.currentTimeMillis() >= killMs || !recording.violations().isEmpty();
        if (supervisor.await(worker, scene.killedAfterMs() + endTimeoutMs, "killed", due)) {
            supervisor.kill(worker);
        }
    }

    private boolean isAtWork(Scene scene) {
        return (!scene.life().hasProducers() || recording.hasSentInThisLife()) && (!scene.life().hasCopiers()
                || recording.hasCopiedInThisLife());
    }
}
