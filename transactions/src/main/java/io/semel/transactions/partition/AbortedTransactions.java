package io.semel.transactions.partition;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The ranges of aborted transactions of one partition, by producer: pairs of first offset and marker offset, ascending.
 *
 * <p>A producer has one transaction at a time, so its ranges never overlap and a batch is aborted if and only if it lies
 * in one of them (T9).
 *
 * <p>Thread rule: one writer, the partition's fold; any readers. A range is added before the last stable offset passes
 * its marker, so a committed reader never misses one.
 */
final class AbortedTransactions {
    private static final long[] NO_RANGES = {};

    private final ConcurrentMap<Long, long[]> rangesByProducer = new ConcurrentHashMap<>();
    private volatile int count;

    void add(long producerId, long firstOffset, long markerOffset) {
        long[] ranges = rangesByProducer.getOrDefault(producerId, NO_RANGES);
        long[] longer = Arrays.copyOf(ranges, ranges.length + 2);
        longer[ranges.length] = firstOffset;
        longer[ranges.length + 1] = markerOffset;
        rangesByProducer.put(producerId, longer);
        count++;
    }

    /** Whether the batch of {@code producerId} at {@code offset} belongs to an aborted transaction. */
    boolean contains(long producerId, long offset) {
        if (count == 0) {
            return false;
        }
        long[] ranges = rangesByProducer.getOrDefault(producerId, NO_RANGES);
        int low = 0;
        int high = ranges.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (offset < ranges[2 * middle]) {
                high = middle - 1;
            } else if (offset > ranges[2 * middle + 1]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    int count() {
        return count;
    }
}
