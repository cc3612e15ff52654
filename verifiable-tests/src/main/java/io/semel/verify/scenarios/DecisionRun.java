package io.semel.verify.scenarios;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.semel.server.child.ChildJvm;
import io.semel.verify.scenarios.ScenarioResult.Judged;
import io.semel.verify.scenarios.worker.DecisionPlan;
import io.semel.verify.scenarios.worker.DecisionPlan.Course;
import io.semel.verify.scenarios.worker.DecisionStep;
import io.semel.verify.scenarios.worker.DecisionWorker;
import io.semel.verify.scenarios.worker.Setting;

/**
 * Kills a process at every step between the wish to end a transaction and its completion, in an order that the seed
 * draws; each next process looks whether what was decided is there, and the rest is not.
 *
 * <p>Thread rule: one thread.
 */
final class DecisionRun {
    private static final long STEP_TIMEOUT_MS = 60_000;

    /** Where a process can die: as often as each outcome has steps. */
    static final int CASES = 16;

    private final Setting setting;
    private final List<DecisionPlan> lives = new ArrayList<>();

    private DecisionRun(Setting setting) {
        this.setting = setting;
    }

    /** @param kills beyond {@link #CASES} they come again, in another order */
    static ScenarioResult run(Setting setting, int kills, long seed, Path history, ScenarioProgress progress)
            throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        DecisionRun run = new DecisionRun(setting);
        run.plan(kills, new Random(seed));
        try (Recording recording = Recording.to(history)) {
            Supervisor supervisor = new Supervisor(recording, progress, kills);
            for (DecisionPlan life : run.lives) {
                if (recording.violations().isEmpty()) {
                    live(life, supervisor, recording);
                }
            }
            recording.finish();
            return ScenarioResult.judge(setting, Judged.HISTORY_ALONE, recording, supervisor.kills(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        }
    }

    private void plan(int kills, Random random) {
        List<Integer> cases = new ArrayList<>();
        List<Integer> committed = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            if (cases.isEmpty()) {
                for (int each = 0; each < CASES; each++) {
                    cases.add(each);
                }
                Collections.shuffle(cases, random);
            }
            int drawn = cases.remove(cases.size() - 1);
            Course course = drawn < DecisionStep.values().length ? Course.COMMIT : Course.ABORT;
            DecisionPlan life = life(committed, course, DecisionStep.values()[drawn % DecisionStep.values().length]);
            if (life.commits()) {
                committed.add(life.number());
            }
        }
        life(committed, Course.LOOK, DecisionStep.NOT_ASKED);
    }

    private DecisionPlan life(List<Integer> committed, Course course, DecisionStep step) {
        DecisionPlan life = new DecisionPlan(setting.directory(), setting.durability(), setting.sabotage(), lives.size()
                + 1, committed, course, step);
        lives.add(life);
        return life;
    }

    private static void live(DecisionPlan life, Supervisor supervisor, Recording recording) throws IOException,
            InterruptedException {
        try (ChildJvm worker = supervisor.start(DecisionWorker.class, life.toArguments())) {
            if (life.course() == Course.LOOK) {
                supervisor.awaitEnd(worker, STEP_TIMEOUT_MS);
            } else if (supervisor.await(worker, STEP_TIMEOUT_MS, "at its step", recording::isAtStep)) {
                supervisor.kill(worker);
            }
        }
    }
}
