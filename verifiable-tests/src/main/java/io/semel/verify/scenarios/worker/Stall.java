package io.semel.verify.scenarios.worker;

import java.util.concurrent.CountDownLatch;

import io.semel.verify.programs.EventOutput;

/**
 * One program that stands still in the middle of a transaction, until it is woken: by then whoever is to act for it
 * does, and all that it tries must be refused.
 *
 * <p>Thread rule: the director's; the program's thread waits here.
 */
final class Stall {
    private final Stage stage;
    private final Player player;
    private final EventOutput output;
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch woken = new CountDownLatch(1);

    private Stall(Stage stage, Player player) {
        this.stage = stage;
        this.player = player;
        this.output = stage.cast().output(player.name());
    }

    /** Has it stall behind its next send. */
    static Stall of(Stage stage, Player player) {
        Stall stall = new Stall(stage, player);
        player.disturb(stall::stand);
        return stall;
    }

    private void stand() {
        output.print(Told.STALLED);
        stalled.countDown();
        try {
            woken.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a program that stalls", e);
        }
    }

    /** False when the time is over first; then it goes on as if nothing had been. */
    boolean begins() {
        if (stage.await(() -> stalled.getCount() == 0) || !player.leaveUndisturbed()) {
            stage.must(player.name() + " stalls", () -> stalled.getCount() == 0);
            return true;
        }
        return false;
    }

    /** Wakes it; it must end of being refused. */
    void endsRefused() {
        player.expectToFail();
        output.print(Told.FENCED);
        woken.countDown();
        stage.awaitEnd(player);
        if (player.failure() == null) {
            throw new BrokenException(player.name() + " was fenced, went on, and met no refusal");
        }
    }
}
