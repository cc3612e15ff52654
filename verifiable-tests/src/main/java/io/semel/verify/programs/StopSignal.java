package io.semel.verify.programs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a program end well when it is told to end (Ctrl-C, {@code kill}): its loops look here, and the JVM waits until
 * it has said its last line.
 *
 * <p>Thread rule: any thread.
 */
public final class StopSignal implements AutoCloseable {
    /** A program that has not come to an end by then ends without. */
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isRaised;

    private StopSignal() {
    }

    /** Raised by nobody but its owner. */
    public static StopSignal byHand() {
        return new StopSignal();
    }

    static StopSignal install() {
        StopSignal signal = byHand();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::raiseAndWait, "semel-verify-stop"));
        return signal;
    }

    private void raiseAndWait() {
        raise();
        try {
            ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void raise() {
        isRaised = true;
    }

    public boolean isRaised() {
        return isRaised;
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
