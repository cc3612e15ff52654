package io.semel.verify.scenarios.worker;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import io.semel.verify.programs.Interlude;
import io.semel.verify.programs.StopSignal;

/**
 * A program on its thread, and the hand that its director has on it.
 *
 * <p>Thread rule: {@link #pass()} by the program's thread, the rest by the director's.
 */
final class Player implements Interlude {
    /** What it does, from its start to its end; it closes its clients itself if it gets that far. */
    interface Part {
        void play(Player self) throws Exception;
    }

    /** It dies here, with whatever was open. */
    private static final class VanishedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** It ended by itself, or was not there yet. */
    private static final LongSupplier NOTHING = () -> 0;

    private final String name;
    private final StopSignal stop = StopSignal.byHand();
    private final AtomicReference<Runnable> disturbance = new AtomicReference<>();
    private final Thread thread;
    private volatile LongSupplier progress = NOTHING;
    private volatile Runnable flush = () -> {
    };
    private volatile Throwable failure;
    private boolean isExpectedToFail;

    private Player(String name, Part part) {
        this.name = name;
        this.thread = new Thread(() -> play(part), name);
        thread.setDaemon(true);
    }

    static Player start(String name, Part part) {
        Player player = new Player(name, part);
        player.thread.start();
        return player;
    }

    private void play(Part part) {
        try {
            part.play(this);
        } catch (VanishedException e) {
            // Nothing is closed, as if the thread had never come back.
        } catch (Throwable e) {
            failure = e;
        }
    }

    String name() {
        return name;
    }

    StopSignal stop() {
        return stop;
    }

    /** By the program, once it has its clients. */
    void plays(LongSupplier records, Runnable flushing) {
        progress = records;
        flush = flushing;
    }

    /** Records that it has sent, or copied, for good. */
    long progress() {
        return progress.getAsLong();
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** What it ended of; null when it did not, or well. */
    Throwable failure() {
        return failure;
    }

    /** Its end is to be looked at, and is no accident. */
    void expectToFail() {
        isExpectedToFail = true;
    }

    boolean isExpectedToFail() {
        return isExpectedToFail;
    }

    /** Ends it in the middle of its next transaction: nothing is closed, nothing is said. */
    void vanish() {
        disturb(() -> {
            throw new VanishedException();
        });
    }

    /** Has its thread do this behind its next send, after all that it sent so far is acknowledged. */
    void disturb(Runnable doing) {
        disturbance.set(doing);
    }

    /** Nothing will happen behind its next send; false when it happened already. */
    boolean leaveUndisturbed() {
        return disturbance.getAndSet(null) != null;
    }

    @Override
    public void pass() {
        Runnable doing = disturbance.getAndSet(null);
        if (doing != null) {
            flush.run();
            doing.run();
        }
    }
}
