package io.semel.client.producer;

import java.util.concurrent.atomic.AtomicLong;

/** {@code buffer.memory}: bytes of records that are not reported yet. Thread rule: any thread. */
final class BufferMemory {
    private final long totalBytes;
    private final AtomicLong availableBytes;

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

    long totalBytes() {
        return totalBytes;
    }

    long availableBytes() {
        return availableBytes.get();
    }
}
