package io.semel.client.producer;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a topic's records without a key go: to one partition for about a batch, then to another, so that batches fill.
 *
 * <p>Thread rule: any thread; two that meet at a change waste at most one change.
 */
final class StickyPartition {
    private final int batchBytes;
    private final AtomicInteger bytesLeft;
    private volatile int current;

    StickyPartition(int batchBytes) {
        this.batchBytes = batchBytes;
        this.bytesLeft = new AtomicInteger(batchBytes);
        this.current = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    }

    int choose(int partitionCount, int recordBytes) {
        int chosen = current % partitionCount;
        if (bytesLeft.addAndGet(-recordBytes) <= 0) {
            bytesLeft.set(batchBytes);
            // Another one for certain, any of the others alike.
            current = partitionCount == 1
                    ? chosen
                    : (chosen + 1 + ThreadLocalRandom.current().nextInt(partitionCount - 1)) % partitionCount;
        }
        return chosen;
    }
}
