package io.semel.transactions.partition;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.LogConfig;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchWriter;

import com.sun.management.ThreadMXBean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Transactions and committed reads allocate nothing, by the JVM's own counter. */
class PartitionAllocationTest {
    private static final int TRANSACTIONS = 10_000;
    /** The JVM itself allocates now and then, when it drops compiled code; what we allocate shows in every round. */
    private static final int ROUNDS = 5;
    private static final long COMMITTER = 1000;
    private static final long ABORTER = 2000;

    @TempDir
    Path directory;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final RecordBatchWriter batch = new RecordBatchWriter(1024, 1 << 16);
    private final ControlBatches markers = new ControlBatches();
    private final byte[] value = new byte[100];

    @Test
    void aTransactionAndACommittedReadAllocateNothing() throws Exception {
        // Sparse enough that the index does not grow while it is counted.
        LogConfig noIndex = new LogConfig(64 << 20, 1 << 20, Integer.MAX_VALUE);
        try (TestPartition test = TestPartition.open(directory, noIndex)) {
            PartitionWriter aborter = test.writer(ABORTER);
            transact(aborter, 0, 1, ControlType.ABORT);
            PartitionWriter writer = test.writer(COMMITTER);
            PartitionReader reader = test.partition.openReader(0, Isolation.READ_COMMITTED);
            transact(writer, 0, TRANSACTIONS, ControlType.COMMIT);
            read(reader);
            long leastByTransactions = Long.MAX_VALUE;
            long leastByReads = Long.MAX_VALUE;
            for (int round = 1; round <= ROUNDS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                transact(writer, round * TRANSACTIONS, (round + 1) * TRANSACTIONS, ControlType.COMMIT);
                long between = threads.getCurrentThreadAllocatedBytes();
                read(reader);
                long after = threads.getCurrentThreadAllocatedBytes();
                leastByTransactions = Math.min(leastByTransactions, between - before);
                leastByReads = Math.min(leastByReads, after - between);
            }
            assertEquals(0, leastByTransactions, "bytes allocated by transactions");
            assertEquals(0, leastByReads, "bytes allocated by committed reads");
            reader.close();
        }
    }

    private void transact(PartitionWriter writer, int from, int to, ControlType outcome) {
        long id = writer.producer().identity().producerId();
        for (int sequence = from; sequence < to; sequence++) {
            batch.begin(1).producer(id, (short) 0, sequence).asTransactional();
            batch.tryAppend(1, null, value);
            long offset = TestPartition.append(writer, batch.finish());
            TestPartition.end(markers, writer, outcome, 0, offset);
            writer.partition().doWork();
        }
    }

    private static void read(PartitionReader reader) {
        int count = 0;
        while (reader.next()) {
            count += reader.batch().isCrcValid() ? 1 : 0;
        }
        assertTrue(count >= TRANSACTIONS);
    }
}
