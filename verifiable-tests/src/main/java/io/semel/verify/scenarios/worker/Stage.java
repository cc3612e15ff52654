package io.semel.verify.scenarios.worker;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.semel.client.Semel;

/**
 * Where an act is played: who is on it, how long yet, and how to wait for something to happen.
 *
 * <p>Thread rule: one thread, the director's.
 */
final class Stage {
    /** What a promise says will happen has happened by then, on the slowest machine. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(40);

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Semel semel;
    private final Cast cast;
    private final SplittableRandom random;
    private final long workNs;
    private long endNs;

    Stage(Semel semel, Cast cast, SplittableRandom random, long workMs) {
        this.semel = semel;
        this.cast = cast;
        this.random = random;
        this.workNs = TimeUnit.MILLISECONDS.toNanos(workMs);
    }

    /** From here on its time runs: once records flow as far as they are to. */
    void begin(BooleanSupplier flowing) {
        if (workNs > 0) {
            must("records flow", flowing);
        }
        endNs = System.nanoTime() + workNs;
    }

    Semel semel() {
        return semel;
    }

    Cast cast() {
        return cast;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean isOver() {
        return System.nanoTime() - endNs >= 0;
    }

    /** Waits for what may or may not happen; false when the time of the act is over first. */
    boolean await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (isOver()) {
                return false;
            }
            look();
        }
        return true;
    }

    /** Waits for what must happen. */
    void must(String happen, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new BrokenException("within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS)
                        + " s it did not happen that " + happen);
            }
            look();
        }
    }

    /** So much is copied from now on, or the time is over: then it is false. */
    boolean awaitCopies(int records) {
        long target = cast.copied() + records;
        return await(() -> cast.copied() >= target);
    }

    private void look() {
        for (Player player : cast.onStage()) {
            if (player.failure() != null && !player.isExpectedToFail()) {
                throw new BrokenException(player.name() + " could not go on: " + player.failure());
            }
        }
        LockSupport.parkNanos(LOOK_NS);
    }

    /** Ends it well. */
    void leave(Player player) {
        player.stop().raise();
        awaitEnd(player);
    }

    /** It dies in the middle of what it does; if it does nothing for the rest of the act, it ends well instead. */
    void vanish(Player player) {
        player.vanish();
        if (!await(player::hasEnded)) {
            player.leaveUndisturbed();
            player.stop().raise();
        }
        awaitEnd(player);
    }

    void awaitEnd(Player player) {
        must(player.name() + " ends when it is told to", player::hasEnded);
        if (player.failure() != null && !player.isExpectedToFail()) {
            throw new BrokenException(player.name() + " could not end well: " + player.failure());
        }
        cast.strike(player);
    }
}
