package io.semel.transactions.groups;

import java.nio.ByteBuffer;

import io.semel.transactions.partition.VerificationGuard;

/**
 * {@code __consumer_offsets} as the coordinator sees it. Called under the coordinator's pen: must not block, and must
 * not call the coordinator back. A batch may be applied to {@link CommittedOffsets} before its append returns. A
 * partition that is full, failed or closed says {@link #TRY_AGAIN}; an exception is a bug.
 */
public interface OffsetsLog {

    /** The log cannot take it now, and nothing was written. */
    long TRY_AGAIN = -1L;
    /** The producer's epoch is over; nothing was written. */
    long FENCED = -2L;
    /** The transaction has ended, as its guard tells; nothing was written. */
    long NO_TRANSACTION = -3L;

    /**
     * Claims offsets for a batch of plain records. The buffer is the caller's again on return.
     *
     * @return the batch's base offset, or {@link #TRY_AGAIN}
     */
    long append(ByteBuffer batch);

    /**
     * The same inside a producer's open transaction. The batch bears producer id and epoch and no sequence.
     *
     * @return the batch's base offset, {@link #TRY_AGAIN}, {@link #FENCED} or {@link #NO_TRANSACTION}
     */
    long appendTransactional(long producerId, VerificationGuard guard, ByteBuffer batch);

    /** Exclusive: everything below survives what the partition's durability level promises. Never goes back. */
    long acknowledgedOffset();

    /** Exclusive: the end of what any append has claimed so far. Never goes back. */
    long claimedOffset();
}
