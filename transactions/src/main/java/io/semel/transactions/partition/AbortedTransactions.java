package io.semel.transactions.partition;

import java.nio.ByteBuffer;
import java.util.Arrays;

import org.agrona.collections.Long2ObjectHashMap;

import io.semel.log.SnapshotWriter;

/**
 * The ranges of aborted transactions of one partition, by producer: pairs of first offset and marker offset, ascending.
 *
 * <p>A producer has one transaction at a time, so its ranges never overlap and a batch is aborted if and only if it
 * lies in one of them (T9).
 *
 * <p>Thread rule: the partition's fold adds, the fold and the cleaner forget, one at a time under this object's
 * monitor: both are rare and short. Any readers, who take no lock and allocate nothing. A range is added before the
 * last stable offset passes its marker, so a committed reader never misses one.
 */
final class AbortedTransactions {
    /** What {@link #beganAt} answers for a batch of no aborted transaction. */
    static final long NOT_ABORTED = -1;

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

        /** The ranges that end at or after {@code offset}; this object when those are all. */
        Ranges endingFrom(long offset) {
            int first = 0;
            while (first < count && bounds[2 * first + 1] < offset) {
                first++;
            }
            if (first == 0) {
                return this;
            }
            Ranges rest = new Ranges();
            for (int index = first; index < count; index++) {
                rest.add(bounds[2 * index], bounds[2 * index + 1]);
            }
            return rest;
        }

        /** The first offset of the range that holds {@code offset}, or {@link #NOT_ABORTED}. */
        long beginOf(long offset) {
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
                    return current[2 * middle];
                }
            }
            return NOT_ABORTED;
        }
    }

    synchronized void add(long producerId, long firstOffset, long markerOffset) {
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
        return beganAt(producerId, offset) != NOT_ABORTED;
    }

    /**
     * The first offset of the aborted transaction to which the batch of {@code producerId} at {@code offset} belongs, or
     * {@link #NOT_ABORTED}.
     */
    long beganAt(long producerId, long offset) {
        if (count == 0) {
            return NOT_ABORTED;
        }
        Ranges ranges = rangesByProducer.get(producerId);
        return ranges == null ? NOT_ABORTED : ranges.beginOf(offset);
    }

    /**
     * Forgets the ranges that end below {@code offset}. Either the log's start must stand there already: a reader that
     * is left behind it finds no range any more, and looks at the start after it has looked here. Or nobody can meet
     * their batches any more, because they are compacted away (T9).
     */
    synchronized void forgetBelow(long offset) {
        Long2ObjectHashMap<Ranges> current = rangesByProducer;
        Long2ObjectHashMap<Ranges> rest = new Long2ObjectHashMap<>();
        int forgotten = 0;
        for (Long2ObjectHashMap<Ranges>.EntryIterator entries = current.entrySet().iterator(); entries.hasNext();) {
            entries.next();
            Ranges kept = entries.getValue().endingFrom(offset);
            forgotten += entries.getValue().count - kept.count;
            if (kept.count > 0) {
                rest.put(entries.getLongKey(), kept);
            }
        }
        if (forgotten > 0) {
            rangesByProducer = rest;
            count -= forgotten;
        }
    }

    /** Producer count, then of each: producer id, range count, and first and marker offset of each range, ascending. */
    void encode(SnapshotWriter sink) {
        Long2ObjectHashMap<Ranges> current = rangesByProducer;
        sink.putInt(current.size());
        current.forEachLong((producerId, ranges) -> {
            int rangeCount = ranges.count;
            sink.putLong(producerId).putInt(rangeCount);
            for (int index = 0; index < 2 * rangeCount; index++) {
                sink.putLong(ranges.bounds[index]);
            }
        });
    }

    /** Takes over what {@link #encode} wrote, while nobody reads yet. */
    void restore(ByteBuffer source) {
        Long2ObjectHashMap<Ranges> restored = new Long2ObjectHashMap<>();
        int total = 0;
        for (int producersLeft = source.getInt(); producersLeft > 0; producersLeft--) {
            long producerId = source.getLong();
            Ranges ranges = new Ranges();
            for (int left = source.getInt(); left > 0; left--) {
                ranges.add(source.getLong(), source.getLong());
            }
            restored.put(producerId, ranges);
            total += ranges.count;
        }
        rangesByProducer = restored;
        count = total;
    }

    int count() {
        return count;
    }
}
