package io.semel.verify.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import io.semel.verify.scenarios.worker.Act;
import io.semel.verify.scenarios.worker.LifePlan;
import io.semel.verify.scenarios.worker.LifePlan.Ending;
import io.semel.verify.scenarios.worker.LifePlan.Hosted;
import io.semel.verify.scenarios.worker.Setting;

/** The lives of a run's worker processes, all of them drawn from one seed before the first begins. */
record Script(Setting setting, List<Scene> scenes) {
    /** Nobody waits for the end of a life that is to be killed. */
    private static final long LONGER_THAN_ANY_RUN_MS = TimeUnit.HOURS.toMillis(24);

    Script {
        scenes = List.copyOf(scenes);
    }

    /**
     * One life.
     *
     * @param killedAfterMs from when all its programs are at work; {@link #NOT_KILLED} when it ends by itself
     */
    record Scene(LifePlan life, long killedAfterMs) {
        static final long NOT_KILLED = -1;

        boolean isKilled() {
            return killedAfterMs != NOT_KILLED;
        }
    }

    int kills() {
        return (int) scenes.stream().filter(Scene::isKilled).count();
    }

    /** An act that is killed again and again, and then ends well. */
    static Script of(Setting setting, Act act, int kills, int seconds, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long windowMs = TimeUnit.SECONDS.toMillis(seconds) / (kills + 1);
        Builder builder = new Builder(setting, random);
        for (int kill = 0; kill < kills; kill++) {
            builder.killed(act, Hosted.BOTH, windowMs / 2 + random.nextLong(windowMs / 2 + 1));
        }
        return builder.last(act, Hosted.BOTH, windowMs);
    }

    /** One life after the other. Thread rule: one thread. */
    static final class Builder {
        private final Setting setting;
        private final SplittableRandom random;
        private final List<Scene> scenes = new ArrayList<>();

        Builder(Setting setting, SplittableRandom random) {
            this.setting = setting;
            this.random = random;
        }

        private LifePlan life(Act act, Hosted hosted, Ending ending, long workMs) {
            return new LifePlan(setting, act, scenes.size() + 1, random.nextLong(), hosted, ending, workMs);
        }

        void killed(Act act, Hosted hosted, long afterMs) {
            scenes.add(new Scene(life(act, hosted, Ending.PLAIN, LONGER_THAN_ANY_RUN_MS), afterMs));
        }

        void unharmed(Act act, Hosted hosted, long workMs) {
            scenes.add(new Scene(life(act, hosted, Ending.PLAIN, workMs), Scene.NOT_KILLED));
        }

        /** After it everything is judged. */
        Script last(Act act, Hosted hosted, long workMs) {
            scenes.add(new Scene(life(act, hosted, Ending.READ_THROUGH, workMs), Scene.NOT_KILLED));
            return new Script(setting, scenes);
        }
    }
}
