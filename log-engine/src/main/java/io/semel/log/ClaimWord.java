package io.semel.log;

/**
 * What is claimed of a segment, in one long, so that one compare-and-set claims bytes and offsets together.
 *
 * <pre>
 *   63       62      61                31 30                 0
 *  +--------+-------+--------------------+--------------------+
 *  | sealed | unused|  records claimed   |   bytes claimed    |
 *  +--------+-------+--------------------+--------------------+
 * </pre>
 *
 * Both counts stay below 2^31: a segment is mapped whole, and the offset index keeps offsets relative to the segment.
 */
final class ClaimWord {
    static final long NOTHING = 0L;

    private static final int RECORDS_SHIFT = 31;
    private static final long MASK = (1L << RECORDS_SHIFT) - 1;
    private static final long SEALED = 1L << 63;

    private ClaimWord() {
    }

    static long of(int recordCount, int lengthBytes) {
        return ((long) recordCount << RECORDS_SHIFT) | lengthBytes;
    }

    static int bytes(long word) {
        return (int) (word & MASK);
    }

    static int records(long word) {
        return (int) ((word >>> RECORDS_SHIFT) & MASK);
    }

    static long plus(long word, int recordCount, int lengthBytes) {
        return word + of(recordCount, lengthBytes);
    }

    /** Whether that many records and bytes more still fit a segment of {@code capacityBytes}. */
    static boolean fits(long word, int recordCount, int lengthBytes, int capacityBytes) {
        return bytes(word) + (long) lengthBytes <= capacityBytes && records(word) + (long) recordCount <= MASK;
    }

    static long sealed(long word) {
        return word | SEALED;
    }

    static boolean isSealed(long word) {
        return word < 0;
    }
}
