package io.semel.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A sparse map from timestamp to offset within one segment; on disk Kafka's {@code .timeindex}: 8-byte timestamp and
 * 4-byte relative offset, both ascending. An entry says: nothing at or before this offset is younger than this, and the
 * batch that ends with the offset is exactly as young.
 *
 * <p>The last entry of a finished segment is its largest timestamp: retention and searches go by it, so an entry that was
 * never written must not be believed (KAFKA-10207).
 *
 * <p>Thread rule: one writer (the baton's holder, or recovery); any readers.
 */
final class TimeIndex {
    static final int ENTRY_LENGTH = 12;

    /** The timestamp of a segment without any; smaller than all that are indexed. */
    static final long NO_TIMESTAMP = -1L;

    /** Pairs of timestamp and relative offset, written before {@link #count}. */
    private final IndexWords entries = new IndexWords();
    private volatile int count;

    /** Adds an entry, unless it says no more than the last one. */
    void add(long timestamp, int relativeOffset) {
        if (timestamp <= lastTimestamp()) {
            return;
        }
        int index = count;
        long[] current = entries.withRoomFor(2 * index + 2);
        current[2 * index] = timestamp;
        current[2 * index + 1] = relativeOffset;
        count = index + 1;
    }

    /** Readies room for {@code entryCount} entries, for a thread other than the writer. */
    void prepare(int entryCount) {
        entries.prepare(2 * entryCount);
    }

    /** The index of the last entry whose timestamp is below {@code timestamp}; -1 when there is none. */
    int lastBelow(long timestamp) {
        int low = 0;
        int high = count - 1;
        long[] current = entries.current();
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (current[2 * middle] < timestamp) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    long timestamp(int index) {
        return entries.current()[2 * index];
    }

    int relativeOffset(int index) {
        return (int) entries.current()[2 * index + 1];
    }

    /** The largest timestamp indexed, or {@link #NO_TIMESTAMP}. */
    long lastTimestamp() {
        int last = count - 1;
        return last < 0 ? NO_TIMESTAMP : entries.current()[2 * last];
    }

    int count() {
        return count;
    }

    /** Reads a file's content, if it has the shape of an index: whole entries, ascending, inside {@code recordSpan}. */
    static Optional<TimeIndex> decode(ByteBuffer content, int recordSpan) {
        TimeIndex decoded = new TimeIndex();
        if (content.remaining() % ENTRY_LENGTH != 0) {
            return Optional.empty();
        }
        int lastOffset = -1;
        while (content.hasRemaining()) {
            long timestamp = content.getLong();
            int relativeOffset = content.getInt();
            if (timestamp <= decoded.lastTimestamp() || relativeOffset <= lastOffset || relativeOffset >= recordSpan) {
                return Optional.empty();
            }
            decoded.add(timestamp, relativeOffset);
            lastOffset = relativeOffset;
        }
        return Optional.of(decoded);
    }

    ByteBuffer encode() {
        int entryCount = count;
        long[] current = entries.current();
        ByteBuffer encoded = ByteBuffer.allocate(entryCount * ENTRY_LENGTH);
        for (int index = 0; index < entryCount; index++) {
            encoded.putLong(current[2 * index]).putInt((int) current[2 * index + 1]);
        }
        return encoded.flip();
    }
}
