package io.semel.transactions.partition;

import java.util.Arrays;

import org.agrona.collections.Long2ObjectHashMap;

/**
 * The ranges of aborted transactions of one partition, by producer: pairs of first offset and marker offset, ascending.
 *
 * <p>A producer has one transaction at a time, so its ranges never overlap and a batch is aborted if and only if it lies
 * in one of them (T9).
 *
 * <p>Thread rule: one writer, the partition's fold; any readers, who allocate nothing. A range is added before the last
 * stable offset passes its marker, so a committed reader never misses one.
 */
final class AbortedTransactions {
    private static final int FIRST_RANGES = 4;

    /** Never changed once it stands here; replaced when a producer aborts for the first time. */
    private volatile Long2ObjectHashMap<Ranges> rangesByProducer = new Long2ObjectHashMap<>();
    private volatile int count;

    /** One producer's ranges: a pair below {@code count} is written before count, and never changes. */
    private static final class Ranges {
        private volatile long[] bounds = new long[2 * FIRST_RANGES];
        private volatile int count;

        void add(long firstOffset, long markerOffset) {
            long[] current = bounds;
            int index = count;
            if (2 * index == current.length) {
                current = Arrays.copyOf(current, 4 * index);
                bounds = current;
            }
            current[2 * index] = firstOffset;
            current[2 * index + 1] = markerOffset;
            count = index + 1;
        }

        boolean contain(long offset) {
            int low = 0;
            int high = count - 1;
            long[] current = bounds;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (offset < current[2 * middle]) {
                    high = middle - 1;
                } else if (offset > current[2 * middle + 1]) {
                    low = middle + 1;
                } else {
                    return true;
                }
            }
            return false;
        }
    }

    void add(long producerId, long firstOffset, long markerOffset) {
        Ranges ranges = rangesByProducer.get(producerId);
        if (ranges == null) {
            ranges = new Ranges();
            ranges.add(firstOffset, markerOffset);
            Long2ObjectHashMap<Ranges> larger = new Long2ObjectHashMap<>(rangesByProducer);
            larger.put(producerId, ranges);
            rangesByProducer = larger;
        } else {
            ranges.add(firstOffset, markerOffset);
        }
        count++;
    }

    /** Whether the batch of {@code producerId} at {@code offset} belongs to an aborted transaction. */
    boolean contains(long producerId, long offset) {
        if (count == 0) {
            return false;
        }
        Ranges ranges = rangesByProducer.get(producerId);
        return ranges != null && ranges.contain(offset);
    }

    int count() {
        return count;
    }
}
