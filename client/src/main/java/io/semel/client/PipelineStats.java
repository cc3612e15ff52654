package io.semel.client;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What a pipeline has done since it was started. Thread rule: any thread; figures of committed work only. */
public final class PipelineStats {
    private final LongAdder recordsIn = new LongAdder();
    private final LongAdder recordsOut = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder restarts = new LongAdder();

    void committed(long in, long out) {
        recordsIn.add(in);
        recordsOut.add(out);
        commits.increment();
        synchronized (this) {
            notifyAll();
        }
    }

    void restarted() {
        restarts.increment();
    }

    /** Waits for the next commit, or until the time is over. */
    synchronized void awaitChange(Duration timeout) throws InterruptedException {
        wait(Math.max(1, timeout.toMillis()));
    }

    public long recordsIn() {
        return recordsIn.sum();
    }

    public long recordsOut() {
        return recordsOut.sum();
    }

    /** Transactions, or for the other semantics batches. */
    public long commits() {
        return commits.sum();
    }

    /** Times that a worker gave its batch up and took it again: after a rebalance, a timeout, a full disk. */
    public long restarts() {
        return restarts.sum();
    }

    @Override
    public String toString() {
        return "in=" + recordsIn() + " out=" + recordsOut() + " commits=" + commits() + " restarts=" + restarts();
    }
}
