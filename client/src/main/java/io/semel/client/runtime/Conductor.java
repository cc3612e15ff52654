package io.semel.client.runtime;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.transactions.broker.Broker;

/**
 * The one thread that steps what lives in an open directory: blocks ahead, finished segments, deadlines, heartbeats.
 *
 * <p>It backs off to a few milliseconds when there is nothing to do, and nothing waits for it but the clock.
 */
final class Conductor implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Conductor.class);

    /** Idle rounds cost a processor nothing; deadlines are counted in seconds. */
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Broker broker;
    private final CopyOnWriteArrayList<Duty> duties = new CopyOnWriteArrayList<>();
    private final IdleStrategy idle = new BackoffIdleStrategy(64, 16, 1_000, MAX_PARK_NS);
    private final Thread thread;
    private volatile boolean running = true;

    private Conductor(Broker broker) {
        this.broker = broker;
        this.thread = new Thread(this::run, "semel-conductor");
        thread.setDaemon(true);
    }

    static Conductor start(Broker broker) {
        Conductor conductor = new Conductor(broker);
        conductor.thread.start();
        return conductor;
    }

    void add(Duty duty) {
        duties.add(duty);
    }

    void remove(Duty duty) {
        duties.remove(duty);
    }

    private void run() {
        while (running) {
            int done = step("broker", broker::doWork);
            for (Duty duty : duties) {
                done += step("client", duty);
            }
            idle.idle(done);
        }
    }

    /** A duty that fails is reported and does not take the others with it. */
    private static int step(String what, Duty duty) {
        try {
            return duty.doWork();
        } catch (Throwable e) {
            // An Error too: without this thread no heartbeat is sent and no transaction times out, and nobody is told.
            LOGGER.error("background work of the {} failed", what, e);
            return 0;
        }
    }

    @Override
    public void close() {
        running = false;
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
