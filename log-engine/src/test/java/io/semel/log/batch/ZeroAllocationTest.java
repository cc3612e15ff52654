package io.semel.log.batch;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import com.sun.management.ThreadMXBean;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The paths that every batch takes allocate nothing, counted by the JVM itself. */
class ZeroAllocationTest {
    private static final int WARM_UP_BATCHES = 2_000;
    private static final int COUNTED_BATCHES = 500;
    /** The JVM itself allocates now and then, when it drops compiled code; what we allocate shows in every round. */
    private static final int ROUNDS = 5;
    private static final int RECORDS_PER_BATCH = 20;
    private static final int CAPACITY_BYTES = 1 << 14;

    private final byte[] key = "key".getBytes(UTF_8);
    private final byte[] value = new byte[100];
    private final byte[][] headerKeys = {"trace".getBytes(UTF_8)};
    private final byte[][] headerValues = {new byte[16]};
    private final ByteBuffer source = ByteBuffer.allocateDirect(200);
    private final RecordBatchWriter writer = new RecordBatchWriter(CAPACITY_BYTES, CAPACITY_BYTES);
    private final ControlBatches control = new ControlBatches();
    private final ByteBuffer log = ByteBuffer.allocateDirect(CAPACITY_BYTES);
    private final RecordBatchView view = new RecordBatchView();
    private final RecordCursor cursor = new RecordCursor();
    private long sum;

    @Test
    void writingCheckingAndReadingAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        run(WARM_UP_BATCHES);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            run(COUNTED_BATCHES);
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertEquals(0, least, "bytes allocated by " + COUNTED_BATCHES + " batches; sum=" + sum);
    }

    private void run(int batches) {
        for (int i = 0; i < batches; i++) {
            takeThroughTheLog(writeBatch(i), i);
            ByteBuffer marker = control.endTransaction(ControlType.COMMIT, 41, (short) 0, 1, i);
            takeThroughTheLog(marker, i);
            sum += view.controlType().code();
        }
    }

    private ByteBuffer writeBatch(int i) {
        writer.begin(i).producer(41, (short) 0, i).asTransactional();
        for (int r = 0; r < RECORDS_PER_BATCH; r++) {
            writer.tryAppend(i + r, key, value);
            writer.tryAppend(i + r, null, value, headerKeys, headerValues);
            writer.tryAppend(i + r, source, 0, 20, source, 20, 100);
        }
        ByteBuffer batch = writer.finish();
        RecordBatchWriter.resequence(batch, 0, 41, (short) 1, 0);
        return batch;
    }

    private void takeThroughTheLog(ByteBuffer batch, int i) {
        log.put(0, batch, 0, batch.limit());
        RecordBatchLayout.stamp(log, 0, i, 1);
        sum += RecordBatchView.check(log, 0, batch.limit()).ordinal();
        view.wrap(log, 0);
        sum += view.isCrcValid() ? view.lastOffset() : -1;
        cursor.wrap(view);
        while (cursor.next()) {
            sum += cursor.offset() + cursor.timestamp() + cursor.valueLength();
            while (cursor.nextHeader()) {
                sum += cursor.headerValueLength();
            }
        }
    }
}
