package io.semel.log;

import java.util.Arrays;

/**
 * The growing array of a sparse index. Whoever readies blocks for a segment readies the room for their entries too, so that
 * whoever adds an entry, an appender as a rule, allocates nothing (S15).
 *
 * <p>Thread rule: one thread {@link #withRoomFor adds} and one thread at a time {@link #prepare readies}; any readers.
 */
final class IndexWords {
    private static final int FIRST_CAPACITY = 16;
    private static final long[] NOTHING = {};

    /** Replaced, never shrunk, when it grows. */
    private volatile long[] words = new long[FIRST_CAPACITY];
    /** Longer than {@link #words}, or not needed. */
    private volatile long[] prepared = NOTHING;

    long[] current() {
        return words;
    }

    /** The array, with room for {@code count} words. */
    long[] withRoomFor(int count) {
        long[] current = words;
        if (count > current.length) {
            long[] larger = prepared;
            if (larger.length < count) {
                larger = Arrays.copyOf(current, Math.max(count, 2 * current.length));
            } else {
                System.arraycopy(current, 0, larger, 0, current.length);
                prepared = NOTHING;
            }
            words = larger;
            current = larger;
        }
        return current;
    }

    /** Readies room for {@code count} words. */
    void prepare(int count) {
        int length = Math.max(words.length, prepared.length);
        if (count > length) {
            prepared = new long[Math.max(count, 2 * length)];
        }
    }
}
