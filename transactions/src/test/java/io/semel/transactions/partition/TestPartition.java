package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.semel.idempotence.ProducerIds;
import io.semel.log.Append;
import io.semel.log.LogConfig;
import io.semel.log.RecoveryProgress;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.Budget;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Limits;

/**
 * A partition with small segments, and the hands to write to it. Thread rule: one thread, unless a method says more.
 */
final class TestPartition implements AutoCloseable {
    static final LogConfig SMALL = new LogConfig(LogConfig.MIN_SEGMENT_BYTES, LogConfig.MIN_SEGMENT_BYTES, 512);

    final ProducerIds ids;
    final Partition partition;
    private final ControlBatches markers = new ControlBatches();

    private TestPartition(ProducerIds ids, Partition partition) {
        this.ids = ids;
        this.partition = partition;
    }

    static TestPartition open(Path directory) throws IOException {
        return open(directory, SMALL);
    }

    static TestPartition open(Path directory, LogConfig config) throws IOException {
        ProducerIds ids = new ProducerIds(new NoJournal(), 1000);
        return new TestPartition(ids, Partition.open(new PartitionContext(FileDisk.instance(), ids,
                new Budget(Limits.DEFAULT), RecoveryProgress.UNHEARD), new PartitionId("orders", 3), new UUID(0, 1),
                directory, config, Partition.NO_CONTENT));
    }

    /** Producer ids come from the test. */
    private static final class NoJournal implements ProducerIds.Journal {
        @Override
        public long append(long nextUnissued) {
            return Append.CLOSED;
        }

        @Override
        public boolean isAcknowledged(long ticket) {
            return false;
        }
    }

    PartitionWriter writer(long producerId) {
        ids.revive(producerId, (short) 0);
        return partition.openWriter(producerId);
    }

    /** Asks again while it is back-pressured. Any thread, each with its own writer. */
    static long append(PartitionWriter writer, ByteBuffer batch) {
        long code = writer.append(batch);
        while (code == Append.BACK_PRESSURED) {
            writer.partition().doWork();
            Thread.yield();
            code = writer.append(batch);
        }
        return code;
    }

    long end(PartitionWriter writer, ControlType outcome, int epoch, long firstOffset) {
        return end(markers, writer, outcome, epoch, firstOffset);
    }

    static long end(ControlBatches markers, PartitionWriter writer, ControlType outcome, int epoch, long firstOffset) {
        long code = writer.appendMarker(markers, outcome, (short) epoch, firstOffset, 5L);
        while (code == Append.BACK_PRESSURED) {
            writer.partition().doWork();
            Thread.yield();
            code = writer.appendMarker(markers, outcome, (short) epoch, firstOffset, 5L);
        }
        return code;
    }

    /** Makes batches. Thread rule: one thread. */
    static final class Batches {
        private final RecordBatchWriter writer = new RecordBatchWriter(1024, 1 << 16);

        ByteBuffer plain(int count) {
            writer.begin(1);
            return fill(count, 20);
        }

        ByteBuffer of(long producerId, int epoch, int sequence, int count) {
            writer.begin(1).producer(producerId, (short) epoch, sequence);
            return fill(count, 20);
        }

        ByteBuffer transactional(long producerId, int epoch, int sequence, int count) {
            return transactional(producerId, epoch, sequence, count, 20);
        }

        ByteBuffer transactional(long producerId, int epoch, int sequence, int count, int valueLength) {
            writer.begin(1).producer(producerId, (short) epoch, sequence).asTransactional();
            return fill(count, valueLength);
        }

        private ByteBuffer fill(int count, int valueLength) {
            byte[] value = new byte[valueLength];
            for (int record = 0; record < count; record++) {
                writer.tryAppend(1, null, value);
            }
            return writer.finish();
        }
    }

    /** Base offsets of what a reader of this isolation sees now, from the batch that holds {@code offset} on. */
    List<Long> read(long offset, Isolation isolation) {
        List<Long> seen = new ArrayList<>();
        try (PartitionReader reader = partition.openReader(offset, isolation)) {
            while (reader.next()) {
                RecordBatchView batch = reader.batch();
                if (!batch.isCrcValid() || batch.isControl()) {
                    throw new IllegalStateException("shown: " + batch);
                }
                seen.add(batch.baseOffset());
            }
            if (reader.hasMore()) {
                throw new IllegalStateException("more at " + reader.nextOffset() + " in " + partition);
            }
        }
        return seen;
    }

    @Override
    public void close() throws IOException {
        partition.close();
    }
}
