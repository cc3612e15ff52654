package io.semel.client.runtime;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.semel.transactions.broker.Broker;

/**
 * The threads that step what lives in an open directory. The conductor writes blocks ahead and minds deadlines and
 * heartbeats; the flusher does what waits for the disk, so that nobody waits for the disk behind it; the cleaner
 * deletes what need not be kept, so that neither of the two waits for that.
 *
 * <p>They back off to a millisecond or two when there is nothing to do, and nothing waits for them but the clock.
 */
final class Conductor implements AutoCloseable {
    /** Idle rounds cost a processor nothing; deadlines are counted in seconds. */
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /**
     * Asynchronous acknowledgements in POWER wait for the flusher, so it looks more often; but a round looks at every
     * partition, and thousands of quiet ones must not keep a processor busy.
     */
    private static final long FLUSHER_MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * Kafka looks for old segments every five minutes because a look is dear there; here one costs a comparison per
     * partition, and a disk that fills up has room again within seconds.
     */
    private static final long CLEANER_MAX_PARK_NS = TimeUnit.SECONDS.toNanos(1);

    private final Broker broker;
    private final CoarseClock clock;
    private final CopyOnWriteArrayList<Duty> duties = new CopyOnWriteArrayList<>();
    private BackgroundThread conductor;
    private BackgroundThread flusher;
    private BackgroundThread cleaner;

    private Conductor(Broker broker, CoarseClock clock) {
        this.broker = broker;
        this.clock = clock;
    }

    /** @param clock is refreshed every round */
    static Conductor start(Broker broker, CoarseClock clock) {
        Conductor started = new Conductor(broker, clock);
        started.conductor = BackgroundThread.start("semel-conductor", started::conduct, MAX_PARK_NS);
        started.flusher = BackgroundThread.start("semel-flusher", broker::flush, FLUSHER_MAX_PARK_NS);
        started.cleaner = BackgroundThread.start("semel-cleaner", broker::clean, CLEANER_MAX_PARK_NS);
        return started;
    }

    void add(Duty duty) {
        duties.add(duty);
    }

    void remove(Duty duty) {
        duties.remove(duty);
    }

    /**
     * Heartbeats first: after the process stood still, for a collection of garbage say, nobody is to lose his seat
     * before he could say that he is alive.
     */
    private int conduct() {
        clock.refresh();
        int done = 0;
        for (Duty duty : duties) {
            done += BackgroundThread.step("a client", duty);
        }
        return done + broker.doWork();
    }

    @Override
    public void close() {
        cleaner.close();
        conductor.close();
        flusher.close();
    }
}
