package io.semel.log;

import java.nio.ByteBuffer;

import io.semel.log.batch.RecordBatchLayout;

/**
 * Bytes and offsets that were claimed and await their content. A flyweight: its owner claims into it, fills and
 * publishes, and uses it again.
 *
 * <p>Whoever holds a claim holds back the frontier: fill it at once, and publish it always. Thread rule: one thread.
 */
public final class Claim {
    private Segment segment;
    private int position;
    int lengthBytes;
    private int recordCount;
    private int leaderEpoch;
    private long baseOffset;

    void set(Segment claimedSegment, long word, int records, int length, int epoch) {
        segment = claimedSegment;
        position = ClaimWord.bytes(word);
        baseOffset = claimedSegment.baseOffset() + ClaimWord.records(word);
        recordCount = records;
        lengthBytes = length;
        leaderEpoch = epoch;
    }

    /** The offset of the first claimed record. */
    public long baseOffset() {
        return baseOffset;
    }

    /** The offset after the last claimed record: the ticket of this append, see {@link Log#acknowledgedOffset()}. */
    public long endOffset() {
        return baseOffset + recordCount;
    }

    /** The log-absolute position of the first claimed byte. */
    public long absolutePosition() {
        return segment.basePosition() + position;
    }

    ByteBuffer buffer() {
        return segment.buffer();
    }

    /** The first claimed byte in {@link #buffer()}. */
    int position() {
        return position;
    }

    /** Keeps the claimed bytes mapped whatever becomes of the log. */
    void lease() {
        if (!segment.region().tryLease()) {
            throw new IllegalStateException("unmapped under an open claim: " + segment);
        }
    }

    void releaseLease() {
        segment.region().release();
    }

    /** Stamps what only the log knows on a batch that stands in the claimed bytes already. */
    void stamp() {
        RecordBatchLayout.stamp(segment.buffer(), position, baseOffset, leaderEpoch);
    }

    /**
     * Copies a whole encoded batch into the claimed bytes and stamps what only the log knows: base offset and leader
     * epoch. Both stand before the CRC's range, so the CRC stays what the producer computed.
     */
    public void fill(ByteBuffer batch, int batchPosition) {
        segment.buffer().put(position, batch, batchPosition, lengthBytes);
        stamp();
    }
}
