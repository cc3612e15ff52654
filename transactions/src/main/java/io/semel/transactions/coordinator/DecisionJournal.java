package io.semel.transactions.coordinator;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

import io.semel.idempotence.Pen;
import io.semel.log.Append;
import io.semel.log.LogFold;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.FieldWriter;
import io.semel.transactions.records.TransactionLogKey;
import io.semel.transactions.records.TransactionLogValue;

/**
 * {@code __transaction_state}: the last record of a transactional id says who it is and what was decided.
 *
 * <p>Thread rule: any thread appends, one at a time under the pen.
 */
public final class DecisionJournal {
    /** A decision names its partitions; a thousand of them take about 30 KiB. */
    private static final int MAX_RECORD_BYTES = 1 << 20;

    private final Partition partition;
    private final PartitionWriter writer;
    private final Pen pen = new Pen();
    private final RecordBatchWriter batch = new RecordBatchWriter(1024, MAX_RECORD_BYTES);
    private final FieldWriter key = new FieldWriter();
    private final FieldWriter value = new FieldWriter();

    public DecisionJournal(Partition partition) {
        this.partition = partition;
        this.writer = partition.openWriter();
    }

    /** Appends a record; returns its ticket, or a negative code of {@link Append}. */
    long append(String transactionalId, TransactionLogValue record, long nowMs) {
        if (!pen.tryTake()) {
            return Append.BACK_PRESSURED;
        }
        try {
            ByteBuffer keyBytes = new TransactionLogKey(transactionalId).encode(key.reset()).toBuffer();
            ByteBuffer valueBytes = record.encode(value.reset()).toBuffer();
            batch.begin(nowMs);
            if (!batch.tryAppend(nowMs, keyBytes, 0, keyBytes.remaining(), valueBytes, 0, valueBytes.remaining())) {
                throw new IllegalArgumentException("decision too large: transactionalId=" + transactionalId + " bytes="
                        + valueBytes.remaining() + " limit=" + MAX_RECORD_BYTES
                        + "; a transaction over fewer partitions fits");
            }
            long offset = writer.append(batch.finish());
            return offset < 0 ? offset : offset + 1;
        } finally {
            pen.release();
        }
    }

    boolean isAcknowledged(long ticket) {
        return partition.acknowledgedOffset() >= ticket;
    }

    /** What the journal held when it was opened: the last record of each transactional id, in the order of their first. */
    public static final class Fold implements LogFold {
        private final Map<String, TransactionLogValue> latest = new LinkedHashMap<>();
        private final RecordCursor record = new RecordCursor();
        private boolean recovered;

        /** Live records come from the coordinator, which knows them already: only recovery's are kept. */
        @Override
        public void apply(RecordBatchView batch, long position) {
            if (recovered || batch.isControl()) {
                return;
            }
            record.wrap(batch);
            while (record.next()) {
                String transactionalId = TransactionLogKey.decode(record.keySlice()).transactionalId();
                if (record.valueLength() < 0) {
                    latest.remove(transactionalId);
                } else {
                    latest.put(transactionalId, TransactionLogValue.decode(record.valueSlice()));
                }
            }
        }

        /** Hands over what was recovered, once. */
        Map<String, TransactionLogValue> take() {
            recovered = true;
            return latest;
        }
    }
}
