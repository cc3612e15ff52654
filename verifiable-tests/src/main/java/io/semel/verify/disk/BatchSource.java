package io.semel.verify.disk;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;

/** Draws batches; no two have the same bytes. Thread rule: one thread. */
final class BatchSource {
    static final int MAX_BATCH_BYTES = 64 << 10;

    private static final int POOL_BYTES = 1 << 16;
    private static final int MAX_RECORDS = 4;
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
        LARGE(30_000);

        private final int maxValueBytes;

        Sizes(int maxValueBytes) {
            this.maxValueBytes = maxValueBytes;
        }
    }

    private final SplittableRandom random;
    private final Sizes sizes;
    private final RecordBatchWriter writer = new RecordBatchWriter(1024, MAX_BATCH_BYTES);
    private final ByteBuffer key = ByteBuffer.allocate(Long.BYTES);
    private long number;

    BatchSource(SplittableRandom random, Sizes sizes) {
        this.random = random;
        this.sizes = sizes;
    }

    ByteBuffer next() {
        number++;
        key.putLong(0, number);
        writer.begin(number);
        int records = 1 + random.nextInt(MAX_RECORDS);
        int bytes = random.nextInt(sizes.maxValueBytes) / records;
        for (int record = 0; record < records; record++) {
            writer.tryAppend(number, key, 0, Long.BYTES, POOL, random.nextInt(POOL_BYTES - bytes), bytes);
        }
        ByteBuffer lent = writer.finish();
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
