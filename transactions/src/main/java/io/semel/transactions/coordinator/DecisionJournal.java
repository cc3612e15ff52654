package io.semel.transactions.coordinator;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

import io.semel.idempotence.Pen;
import io.semel.log.Append;
import io.semel.log.Durability;
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
    /**
     * A decision names its partitions: the ten thousand that a directory may hold, each of a topic of its own with the
     * longest of names, take less than 3 MiB. So a decision always fits.
     */
    public static final int MAX_RECORD_BYTES = 4 << 20;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Partition partition;
    private final PartitionWriter writer;
    final Pen pen = new Pen();
    private final RecordBatchWriter batch = new RecordBatchWriter(1024, MAX_RECORD_BYTES);
    private final FieldWriter value = new FieldWriter();

    public DecisionJournal(Partition partition) {
        this.partition = partition;
        this.writer = partition.openWriter();
    }

    /** The key under which a transactional id's records stand, made once: it goes with every decision. */
    static ByteBuffer keyOf(String transactionalId) {
        return new TransactionLogKey(transactionalId).encode(new FieldWriter()).toBuffer();
    }

    /**
     * Appends a record; returns its ticket, or a negative code of {@link Append}.
     *
     * @param keyBytes from {@link #keyOf}; from position to limit, both left as they are
     */
    long append(ByteBuffer keyBytes, TransactionLogValue record, long nowMs) {
        if (!pen.tryTake()) {
            return Append.BACK_PRESSURED;
        }
        try {
            // Lent until the next record, and copied into the batch before.
            ByteBuffer valueBytes = record.encode(value.reset()).lend();
            return append(keyBytes, valueBytes, valueBytes.remaining(), nowMs);
        } finally {
            pen.release();
        }
    }

    /** As {@link #append(ByteBuffer, TransactionLogValue, long)}: the id is forgotten from here on. */
    long appendTombstone(ByteBuffer keyBytes, long nowMs) {
        if (!pen.tryTake()) {
            return Append.BACK_PRESSURED;
        }
        try {
            return append(keyBytes, NOTHING, RecordCursor.NULL_LENGTH, nowMs);
        } finally {
            pen.release();
        }
    }

    private long append(ByteBuffer keyBytes, ByteBuffer valueBytes, int valueLength, long nowMs) {
        batch.begin(nowMs);
        if (!batch.tryAppend(nowMs, keyBytes, keyBytes.position(), keyBytes.remaining(), valueBytes, 0, valueLength)) {
            throw new IllegalStateException("decision too large: bytes=" + valueLength + " limit=" + MAX_RECORD_BYTES);
        }
        long offset = writer.append(batch.finish());
        partition.wantAcknowledgement();
        return offset < 0 ? offset : offset + 1;
    }

    /** {@code DONE} once the record is acknowledged, {@code UNAVAILABLE} when it can't be any more. */
    Progress progressOf(long ticket) {
        if (partition.acknowledgedOffset() >= ticket) {
            return Progress.DONE;
        }
        return partition.log().failure() == null ? Progress.PENDING : Progress.UNAVAILABLE;
    }

    Durability durability() {
        return partition.log().config().durability();
    }

    /**
     * Brings what {@link #progressOf} waits for by this thread's own doing, see {@link Partition#helpAcknowledge()}.
     */
    void helpAcknowledge() {
        if (partition.acknowledgedOffset() < partition.log().frontierOffset()) {
            partition.helpAcknowledge();
        }
    }

    /** Whether a refusal lasts until the directory is opened again. */
    static boolean isLasting(long code) {
        return code == Append.OFFLINE || code == Append.CLOSED;
    }

    /**
     * What the journal held when it was opened: the last record of each transactional id, in the order of their first.
     */
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
