package io.semel.client.producer;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.semel.client.runtime.Meter;

/** {@code buffer.memory}: bytes of records that are not reported yet. Thread rule: any thread. */
final class BufferMemory {
    private final long totalBytes;
    private final AtomicLong availableBytes;
    private final LongAdder waitingThreads = new LongAdder();
    private final Meter waitedNs = new Meter();
    private final Meter exhausted = new Meter();

    BufferMemory(long totalBytes) {
        this.totalBytes = totalBytes;
        this.availableBytes = new AtomicLong(totalBytes);
    }

    boolean tryReserve(int bytes) {
        long available = availableBytes.get();
        while (available >= bytes) {
            if (availableBytes.compareAndSet(available, available - bytes)) {
                return true;
            }
            available = availableBytes.get();
        }
        return false;
    }

    void release(long bytes) {
        availableBytes.addAndGet(bytes);
    }

    /** A caller begins to wait for room. */
    void waitBegins() {
        waitingThreads.increment();
    }

    void waitEnds(long nanos) {
        waitingThreads.decrement();
        waitedNs.add(nanos);
    }

    /** A record found no room in time. */
    void noteExhausted() {
        exhausted.add(1);
    }

    long waitingThreads() {
        return waitingThreads.sum();
    }

    Meter waitedNs() {
        return waitedNs;
    }

    Meter exhausted() {
        return exhausted;
    }

    long totalBytes() {
        return totalBytes;
    }

    long availableBytes() {
        return availableBytes.get();
    }
}
