package io.semel.verify.realdisk.worker;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

import static io.semel.verify.realdisk.worker.BrokenPromiseException.require;

/**
 * What stands in a record follows from who wrote it, so whoever reads it can tell each wrong byte without having seen
 * it written.
 *
 * <pre>
 *   key     author int64 | sequence int64 | index in the batch int32 | records in the batch int32
 *   author  life of the worker | partition, 8 bits | thread, 8 bits
 *   value   so many bytes of a pool, from such a place, as author and sequence say
 * </pre>
 *
 * <p>Thread rule: stateless, but for a cursor that the caller owns.
 */
final class Content {
    static final int KEY_LENGTH = 24;

    /** Four of them and their keys fit into every batch that {@link OpenPartition} allows. */
    static final int MAX_VALUE_LENGTH = 10 << 10;

    static final int MAX_RECORDS = 4;

    private static final int SEQUENCE_POSITION = 8;
    private static final int INDEX_POSITION = 16;
    private static final int COUNT_POSITION = 20;

    private static final int POOL_PLACES = 1 << 16;
    private static final ByteBuffer POOL = ByteBuffer.allocate(POOL_PLACES + MAX_VALUE_LENGTH);

    /** Per hundred: most records are small, a few span pages. */
    private static final int PERCENT_SMALL = 70;
    private static final int PERCENT_NOT_LARGE = 95;
    private static final int SMALL_LENGTH = 300;
    private static final int MIDDLE_LENGTH = 3_000;

    static {
        new SplittableRandom(1).nextBytes(POOL.array());
    }

    private Content() {
    }

    static long author(int life, int partition, int thread) {
        return (long) life << 16 | partition << 8 | thread;
    }

    static int partitionOf(long author) {
        return (int) (author >>> 8) & 0xFF;
    }

    static ByteBuffer pool() {
        return POOL;
    }

    static int valueLength(long author, long sequence) {
        long drawn = mixed(author, sequence);
        int percent = (int) Long.remainderUnsigned(drawn, 100);
        int bound = percent < PERCENT_SMALL ? SMALL_LENGTH : percent < PERCENT_NOT_LARGE ? MIDDLE_LENGTH
                : MAX_VALUE_LENGTH;
        return (int) Long.remainderUnsigned(drawn >>> 7, bound);
    }

    static int poolPosition(long author, long sequence) {
        return (int) (mixed(author, sequence) >>> 40) & (POOL_PLACES - 1);
    }

    private static long mixed(long author, long sequence) {
        return new SplittableRandom(author * 0x9E3779B97F4A7C15L + sequence).nextLong();
    }

    static ByteBuffer putKey(ByteBuffer key, long author, long sequence, int index, int count) {
        return key.putLong(0, author).putLong(SEQUENCE_POSITION, sequence).putInt(INDEX_POSITION, index)
                .putInt(COUNT_POSITION, count);
    }

    static long authorOf(RecordCursor record) {
        return record.buffer().getLong(record.keyPosition());
    }

    static long sequenceOf(RecordCursor record) {
        return record.buffer().getLong(record.keyPosition() + SEQUENCE_POSITION);
    }

    /** L2: the batch is whole, and every byte of its records is what their author wrote into this partition. */
    static void requireGood(RecordBatchView batch, RecordCursor cursor, int partition) {
        require(batch.magic() == RecordBatchLayout.MAGIC && batch.isCrcValid(), "L2", "partition " + partition
                + " shows a batch with a wrong CRC or magic: " + batch);
        if (batch.isControl()) {
            require(batch.lastOffsetDelta() == 0, "L2", "a filler of more than one record: " + batch);
            return;
        }
        cursor.wrap(batch);
        int count = batch.lastOffsetDelta() + 1;
        long first = 0;
        for (int index = 0; index < count; index++) {
            require(cursor.next(), "L2", "torn: record " + index + " of " + count + " is missing: " + batch);
            requireGood(cursor, partition, index, count);
            first = index == 0 ? sequenceOf(cursor) : first;
            require(sequenceOf(cursor) == first + index, "I2", "sequence " + sequenceOf(cursor) + " at index " + index
                    + " behind " + first + ": " + batch);
        }
        require(!cursor.next(), "L2", "more records than " + count + ": " + batch);
    }

    private static void requireGood(RecordCursor record, int partition, int index, int count) {
        ByteBuffer bytes = record.buffer();
        int key = record.keyPosition();
        require(record.keyLength() == KEY_LENGTH && partitionOf(authorOf(record)) == partition
                && bytes.getInt(key + INDEX_POSITION) == index && bytes.getInt(key + COUNT_POSITION) == count,
                "L2", "changed: partition " + partition + " offset " + record.offset() + ", record " + index + " of "
                        + count + ", has a key that nobody wrote there");
        long author = authorOf(record);
        long sequence = sequenceOf(record);
        int length = valueLength(author, sequence);
        require(record.valueLength() == length && bytes.slice(record.valuePosition(), length).mismatch(
                POOL.slice(poolPosition(author, sequence), length)) < 0, "L2", "changed: partition " + partition
                        + " offset " + record.offset() + ", the value of sequence " + sequence + " by "
                        + Long.toHexString(author));
    }
}
