package io.semel.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A sparse map from offset to position within one segment; on disk Kafka's {@code .index}: pairs of 4-byte relative
 * offset and 4-byte position, ascending. As in Kafka the offset is the <em>last</em> one of the batch at the position.
 *
 * <p>An entry is a hint where to begin walking: an entry too few costs time, never correctness.
 *
 * <p>Thread rule: one writer (the baton's holder, or recovery); any readers.
 */
final class OffsetIndex {
    static final int ENTRY_LENGTH = 8;

    /** Entries below {@link #count}. Written before count is released. */
    private final IndexWords entries = new IndexWords();
    private volatile int count;

    /** Adds an entry; both values must be greater than the last entry's. */
    void add(int relativeOffset, int position) {
        int index = count;
        long[] current = entries.withRoomFor(index + 1);
        current[index] = ((long) relativeOffset << 32) | position;
        count = index + 1;
    }

    /** Readies room for {@code entryCount} entries, for a thread other than the writer. */
    void prepare(int entryCount) {
        entries.prepare(entryCount);
    }

    /** The position of the last indexed batch that ends at or before {@code relativeOffset}; 0 when there is none. */
    int floorPosition(long relativeOffset) {
        return (int) floorEntry(relativeOffset);
    }

    /** As {@link #floorPosition}, with the entry's relative offset in the upper half. */
    long floorEntry(long relativeOffset) {
        int low = 0;
        int high = count - 1;
        long[] current = entries.current();
        long found = 0;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long entry = current[middle];
            if ((entry >>> 32) <= relativeOffset) {
                found = entry;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return found;
    }

    /** The position of the last entry; 0 when there is none. */
    int lastPosition() {
        return count == 0 ? 0 : (int) entries.current()[count - 1];
    }

    /** The relative offset of the last entry; 0 when there is none. */
    int lastOffset() {
        return count == 0 ? 0 : (int) (entries.current()[count - 1] >>> 32);
    }

    int count() {
        return count;
    }

    /**
     * Reads a file's content, if it has the shape of an index of {@code lengthBytes} and {@code recordSpan}: whole entries,
     * ascending, inside the segment. The first batch has no entry, so zeros are padding and never an entry.
     */
    static Optional<OffsetIndex> decode(ByteBuffer content, int lengthBytes, int recordSpan) {
        OffsetIndex decoded = new OffsetIndex();
        if (content.remaining() % ENTRY_LENGTH != 0) {
            return Optional.empty();
        }
        while (content.hasRemaining()) {
            int relativeOffset = content.getInt();
            int position = content.getInt();
            if (relativeOffset <= decoded.lastOffset() || position <= decoded.lastPosition()
                    || relativeOffset >= recordSpan || position >= lengthBytes) {
                return Optional.empty();
            }
            decoded.add(relativeOffset, position);
        }
        return Optional.of(decoded);
    }

    ByteBuffer encode() {
        int entryCount = count;
        long[] current = entries.current();
        ByteBuffer encoded = ByteBuffer.allocate(entryCount * ENTRY_LENGTH);
        for (int index = 0; index < entryCount; index++) {
            encoded.putLong(current[index]);
        }
        return encoded.flip();
    }
}
