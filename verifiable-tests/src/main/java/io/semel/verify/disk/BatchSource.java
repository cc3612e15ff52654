package io.semel.verify.disk;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

import io.semel.log.DirectClaim;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.DirectBatch;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;

/** Draws batches; no two have the same bytes. Thread rule: one thread. */
final class BatchSource {
    static final int MAX_BATCH_BYTES = 64 << 10;
    static final int NO_SHARED_KEYS = 0;

    private static final int POOL_BYTES = 1 << 16;
    private static final int MAX_RECORDS = 4;

    /** From a sector to four pages, in powers of two. */
    private static final int EQUAL_LENGTHS = 6;

    /** More than a batch of one record has besides its value. */
    private static final int MAX_FRAME_BYTES = 128;
    private static final ByteBuffer POOL = ByteBuffer.allocate(POOL_BYTES);

    static {
        new SplittableRandom(1).nextBytes(POOL.array());
    }

    /** What kind of batches a life writes. */
    enum Sizes {
        /** Hundreds in a segment, dozens in a page. */
        TINY(200),
        MIXED(8_000),
        /** A few in a segment, each over many pages. */
        LARGE(30_000),
        /**
         * All of one length that is a whole number of sectors: where one ends, another one may stand that was written
         * there in another life of its blocks, whole, and ready to be taken for the next.
         */
        EQUAL(0);

        /** Those of which a life fills segments. */
        static final List<Sizes> FILLING = List.of(MIXED, LARGE, EQUAL);

        private final int maxValueBytes;

        Sizes(int maxValueBytes) {
            this.maxValueBytes = maxValueBytes;
        }
    }

    private final SplittableRandom random;
    private final Sizes sizes;
    /**
     * Of so many keys each record has one; with {@link #NO_SHARED_KEYS} all records of a batch have one that no other
     * has.
     */
    private final int keys;
    private final ControlBatches markers = new ControlBatches();
    private final RecordBatchWriter writer = new RecordBatchWriter(1024, MAX_BATCH_BYTES);
    private final ByteBuffer key = ByteBuffer.allocate(Long.BYTES);
    /** Of every batch of {@link Sizes#EQUAL}. */
    private final int equalBytes;
    private long number;

    BatchSource(SplittableRandom random, Sizes sizes) {
        this(random, sizes, NO_SHARED_KEYS);
    }

    BatchSource(SplittableRandom random, Sizes sizes, int keys) {
        this.random = random;
        this.sizes = sizes;
        this.keys = keys;
        this.equalBytes = sizes == Sizes.EQUAL ? SimulatedFile.SECTOR_BYTES << random.nextInt(EQUAL_LENGTHS) : 0;
    }

    ByteBuffer next() {
        number++;
        writer.begin(number);
        return fill();
    }

    ByteBuffer nextInTransaction(long producerId) {
        number++;
        writer.begin(number).producer(producerId, (short) 0, (int) number).asTransactional();
        return fill();
    }

    ByteBuffer nextMarker(ControlType end, long producerId) {
        number++;
        return copy(markers.endTransaction(end, producerId, (short) 0, 0, number));
    }

    Direct nextDirect(DirectClaim claim) {
        number++;
        nextKey();
        byte[] value = new byte[sizes == Sizes.EQUAL ? equalValueBytes() : random.nextInt(sizes.maxValueBytes)];
        POOL.get(random.nextInt(POOL_BYTES - value.length), value);
        return new Direct(claim, key.array().clone(), ByteBuffer.wrap(value), number);
    }

    /** Of the one record of a batch that has the length. A value that is shorter by less has a length as long. */
    private int equalValueBytes() {
        int shorter = equalBytes - MAX_FRAME_BYTES;
        return shorter + equalBytes - (int) DirectBatch.lengthOf(Long.BYTES, shorter);
    }

    private ByteBuffer fill() {
        return sizes == Sizes.EQUAL ? fillEqually() : fillWithSome();
    }

    private ByteBuffer fillEqually() {
        nextKey();
        int bytes = equalValueBytes();
        writer.tryAppend(number, key, 0, Long.BYTES, POOL, random.nextInt(POOL_BYTES - bytes), bytes);
        return copy(writer.finish());
    }

    private ByteBuffer fillWithSome() {
        int records = 1 + random.nextInt(MAX_RECORDS);
        int bytes = random.nextInt(sizes.maxValueBytes) / records;
        for (int record = 0; record < records; record++) {
            nextKey();
            boolean none = keys != NO_SHARED_KEYS && random.nextInt(16) == 0;
            boolean deletes = keys != NO_SHARED_KEYS && random.nextInt(8) == 0;
            writer.tryAppend(number, key, 0, none ? RecordCursor.NULL_LENGTH : Long.BYTES, POOL,
                    random.nextInt(POOL_BYTES - bytes), deletes ? RecordCursor.NULL_LENGTH : bytes);
        }
        return copy(writer.finish());
    }

    private void nextKey() {
        key.putLong(0, keys == NO_SHARED_KEYS ? number : random.nextInt(keys));
    }

    private static ByteBuffer copy(ByteBuffer lent) {
        ByteBuffer batch = ByteBuffer.allocate(lent.remaining());
        return batch.put(0, lent, lent.position(), lent.remaining());
    }

    /** The batch as a process leaves it that dies while it copies: some of it is not there. */
    ByteBuffer halfDone(ByteBuffer batch) {
        ByteBuffer half = ByteBuffer.allocate(batch.capacity()).put(0, batch, 0, batch.capacity());
        int from = RecordBatchLayout.LENGTH_POSITION + random.nextInt(batch.capacity()
                - RecordBatchLayout.LENGTH_POSITION);
        int end = from + random.nextInt(batch.capacity() - from) + 1;
        for (int at = from; at < end; at++) {
            half.put(at, (byte) 0);
        }
        return half;
    }
}
