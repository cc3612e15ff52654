package io.semel.benchmarks.workload;

import java.util.concurrent.CountDownLatch;

import org.HdrHistogram.Histogram;

/** The reading end of a {@link Lane}, spinning on a core of its own until it has seen every record. */
final class ReadingThread implements Lane.Sink {
    private static final int CORE = 1;

    private final Lane lane;
    private final long expected;
    private final Timing timing;
    private final Histogram latencies = Latencies.histogram();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "reader");
    private volatile boolean abandoned;
    private volatile Throwable failure;
    private boolean pinned;
    private long count;
    private long sum;

    /** What the reader does about time. */
    enum Timing {
        NONE, LATENCY
    }

    private ReadingThread(Lane lane, long expected, Timing timing) {
        this.lane = lane;
        this.expected = expected;
        this.timing = timing;
    }

    /** Returns once the reader is on its core. */
    static ReadingThread start(Lane lane, long expected, Timing timing) throws InterruptedException {
        ReadingThread reader = new ReadingThread(lane, expected, timing);
        reader.thread.start();
        reader.ready.await();
        return reader;
    }

    private void run() {
        try {
            pinned = Pinning.pin(CORE);
            lane.startReading();
            ready.countDown();
            while (count < expected && !abandoned) {
                if (lane.read(this) == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (Throwable e) {
            failure = e;
        } finally {
            ready.countDown();
        }
    }

    @Override
    public void onRecord(long number, long intendedNs) {
        count++;
        sum += number;
        if (timing == Timing.LATENCY) {
            Latencies.note(latencies, System.nanoTime() - intendedNs);
        }
    }

    /** The writer asks now and then: without a reader, a lane with limited room would never have any again. */
    void requireAlive() {
        if (failure != null) {
            throw new IllegalStateException("the reader failed", failure);
        }
    }

    /** Waits until all was read. */
    void join() throws InterruptedException {
        thread.join();
        requireAlive();
    }

    /** Ends the thread, whatever it has seen; harmless when it is over. */
    void abandon() throws InterruptedException {
        abandoned = true;
        thread.join();
    }

    /** After {@link #join()}: every record was seen once. */
    void verify() {
        Payload.require("records read", expected, count);
        Payload.require("sum of record numbers", Payload.sumOf(expected), sum);
    }

    boolean isPinned() {
        return pinned;
    }

    Histogram latencies() {
        return latencies;
    }
}
