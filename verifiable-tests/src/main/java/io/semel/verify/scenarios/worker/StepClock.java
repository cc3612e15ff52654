package io.semel.verify.scenarios.worker;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * The system's clock, which once does something when it is asked: a decision asks for the time between its being made
 * and its being written down, and that is a place where no other hand reaches.
 *
 * <p>Thread rule: one thread.
 */
final class StepClock implements EpochClock {
    private static final Runnable NOTHING = () -> {
        // Mostly it only tells the time.
    };

    private Runnable next = NOTHING;

    void atNextQuestion(Runnable doing) {
        next = doing;
    }

    void forget() {
        next = NOTHING;
    }

    @Override
    public long time() {
        Runnable doing = next;
        next = NOTHING;
        doing.run();
        return SystemEpochClock.INSTANCE.time();
    }
}
