package io.semel.client.runtime;

import java.util.concurrent.locks.LockSupport;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon thread that steps one duty until it is closed, and idles when there is nothing to do. What fails is
 * reported, and the next round is taken: nobody else does this work.
 */
final class BackgroundThread implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(BackgroundThread.class);

    private static final long FIRST_PARK_NS = 1_000;

    private final Duty duty;
    private final IdleStrategy idle;
    private final Thread thread;
    private volatile boolean running = true;

    private BackgroundThread(String name, Duty duty, long maxParkNs) {
        this.duty = duty;
        this.idle = new BackoffIdleStrategy(64, 16, FIRST_PARK_NS, maxParkNs);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    static BackgroundThread start(String name, Duty duty, long maxParkNs) {
        BackgroundThread started = new BackgroundThread(name, duty, maxParkNs);
        started.thread.start();
        return started;
    }

    private void run() {
        while (running) {
            idle.idle(step(thread.getName(), duty));
        }
    }

    /** One round of a duty; 0 when it fails, which takes nothing else with it. */
    static int step(String what, Duty duty) {
        try {
            return duty.doWork();
        } catch (Throwable e) {
            // An Error too: without this thread no heartbeat is sent and no transaction times out, and nobody is told.
            LOGGER.error("background work of {} failed", what, e);
            return 0;
        }
    }

    /** Ends after the round under way. */
    @Override
    public void close() {
        running = false;
        // It may be about to sleep for long.
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
