package io.semel.transactions.broker;

import java.nio.ByteBuffer;

import org.agrona.collections.Long2ObjectHashMap;

import io.semel.transactions.groups.OffsetsLog;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.partition.VerificationGuard;

/**
 * {@code __consumer_offsets} as the group coordinator writes it.
 *
 * <p>Thread rule: under the group coordinator's pen.
 */
final class PartitionOffsetsLog implements OffsetsLog {
    /** Writers kept open, one per producer id; past this they are opened anew, which costs a look-up. */
    private static final int MAX_WRITERS_KEPT = 1024;

    private final Partition partition;
    private final PartitionWriter plain;
    private final Long2ObjectHashMap<PartitionWriter> transactional = new Long2ObjectHashMap<>();

    PartitionOffsetsLog(Partition partition) {
        this.partition = partition;
        this.plain = partition.openWriter();
    }

    @Override
    public long append(ByteBuffer batch) {
        long code = plain.append(batch);
        partition.wantAcknowledgement();
        return outcome(code);
    }

    @Override
    public long appendTransactional(long producerId, VerificationGuard guard, ByteBuffer batch) {
        PartitionWriter writer = transactional.get(producerId);
        if (writer == null) {
            writer = partition.openWriter(producerId);
            if (writer == null) {
                return FENCED;
            }
            if (transactional.size() >= MAX_WRITERS_KEPT) {
                transactional.clear();
            }
            transactional.put(producerId, writer);
        }
        return outcome(writer.append(batch, guard));
    }

    private static long outcome(long code) {
        if (code == Refusal.FENCED || code == Refusal.UNKNOWN_PRODUCER) {
            return FENCED;
        }
        if (code == Refusal.NO_TRANSACTION) {
            return NO_TRANSACTION;
        }
        return code < 0 ? TRY_AGAIN : code;
    }

    @Override
    public long acknowledgedOffset() {
        return partition.acknowledgedOffset();
    }

    @Override
    public long claimedOffset() {
        return partition.log().claimedOffset();
    }
}
