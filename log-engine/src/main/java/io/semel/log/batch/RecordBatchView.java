package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Flyweight over the header of one batch.
 *
 * <p>Thread rule: one thread at a time. The view borrows the buffer and is valid until the next {@link #wrap}, or until
 * whoever lent the bytes takes them back; it copies nothing and never moves the buffer's position or limit.
 *
 * <p>A view believes the header that it is given. Bytes from a file or a socket go through {@link #check} first.
 */
public final class RecordBatchView {
    private final Crc32c crc32c = new Crc32c();
    private RecordCursor controlRecord;
    private ByteBuffer buffer;
    private int position;

    /**
     * Says whether a sound batch starts at {@code position} and ends before {@code limit}. Made for recovery: on no
     * garbage whatsoever does it throw or read at or past {@code limit}.
     *
     * @param limit exclusive end of what may be read, within the buffer's own limit
     */
    public static BatchCheck check(ByteBuffer buffer, int position, int limit) {
        return BatchCheck.of(buffer, position, limit);
    }

    /** @throws IllegalArgumentException if the buffer is not big-endian, or too short here for a header */
    public RecordBatchView wrap(ByteBuffer buffer, int position) {
        if (buffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("a batch is big-endian, the buffer is not: " + buffer);
        }
        if (position < 0 || position > buffer.limit() - RecordBatchLayout.HEADER_LENGTH) {
            throw new IllegalArgumentException("no room for a batch header: position=" + position + " headerLength="
                    + RecordBatchLayout.HEADER_LENGTH + " limit=" + buffer.limit());
        }
        this.buffer = buffer;
        this.position = position;
        return this;
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    /** The byte of {@link #buffer()} at which the batch starts. */
    public int position() {
        return position;
    }

    public long baseOffset() {
        return RecordBatchLayout.baseOffset(buffer, position);
    }

    public long lastOffset() {
        return RecordBatchLayout.lastOffset(buffer, position);
    }

    /** Where the next batch of the log starts. */
    public long nextOffset() {
        return lastOffset() + 1;
    }

    public int lastOffsetDelta() {
        return RecordBatchLayout.lastOffsetDelta(buffer, position);
    }

    public int sizeInBytes() {
        return RecordBatchLayout.sizeInBytes(buffer, position);
    }

    public int leaderEpoch() {
        return RecordBatchLayout.leaderEpoch(buffer, position);
    }

    public byte magic() {
        return RecordBatchLayout.magic(buffer, position);
    }

    /** The CRC32C that the batch claims, in the low 32 bits. */
    public int crc() {
        return RecordBatchLayout.crc(buffer, position);
    }

    public short attributes() {
        return RecordBatchLayout.attributes(buffer, position);
    }

    /** What timestamp deltas count from; with the delete horizon bit set it is also that horizon. */
    public long baseTimestamp() {
        return RecordBatchLayout.baseTimestamp(buffer, position);
    }

    public long maxTimestamp() {
        return RecordBatchLayout.maxTimestamp(buffer, position);
    }

    public long producerId() {
        return RecordBatchLayout.producerId(buffer, position);
    }

    public short producerEpoch() {
        return RecordBatchLayout.producerEpoch(buffer, position);
    }

    public int baseSequence() {
        return RecordBatchLayout.baseSequence(buffer, position);
    }

    /** After 2^31-1 comes 0. A batch without a sequence has none here either. */
    public int lastSequence() {
        return RecordBatchLayout.lastSequence(baseSequence(), lastOffsetDelta());
    }

    public int recordCount() {
        return RecordBatchLayout.recordCount(buffer, position);
    }

    public boolean isTransactional() {
        return has(RecordBatchLayout.TRANSACTIONAL_BIT);
    }

    public boolean isControl() {
        return has(RecordBatchLayout.CONTROL_BIT);
    }

    /** The log's own clock stamped the batch: every record bears {@link #maxTimestamp()}. */
    public boolean isLogAppendTime() {
        return has(RecordBatchLayout.TIMESTAMP_TYPE_BIT);
    }

    public boolean hasDeleteHorizon() {
        return has(RecordBatchLayout.DELETE_HORIZON_BIT);
    }

    public boolean hasProducerId() {
        return producerId() != RecordBatchLayout.NO_PRODUCER_ID;
    }

    /** 0 for plain records, else Kafka's number of the codec. */
    public int compressionCode() {
        return attributes() & RecordBatchLayout.COMPRESSION_MASK;
    }

    /** Reads every byte of the batch. False also when the length field leads outside the buffer. */
    public boolean isCrcValid() {
        int sizeInBytes = sizeInBytes();
        if (sizeInBytes < RecordBatchLayout.HEADER_LENGTH || sizeInBytes > buffer.limit() - position) {
            return false;
        }
        int coveredLength = sizeInBytes - RecordBatchLayout.ATTRIBUTES_POSITION;
        return crc32c.checksum(buffer, position + RecordBatchLayout.ATTRIBUTES_POSITION, coveredLength) == crc();
    }

    /**
     * What a control batch says, from the key of its first record.
     *
     * @throws IllegalStateException if {@link #isControl()} is false
     * @throws CorruptBatchException if the first record contradicts the format
     */
    public ControlType controlType() {
        if (!isControl()) {
            throw new IllegalStateException("only a control batch has a control type: " + this);
        }
        if (controlRecord == null) {
            controlRecord = new RecordCursor();
        }
        return controlRecord.wrap(this).next() ? ControlBatches.typeOf(controlRecord) : ControlType.UNKNOWN;
    }

    private boolean has(int attributeBit) {
        return (attributes() & attributeBit) != 0;
    }

    @Override
    public String toString() {
        if (buffer == null) {
            return "RecordBatch[nothing wrapped]";
        }
        return "RecordBatch[position=" + position + " sizeInBytes=" + sizeInBytes() + " baseOffset=" + baseOffset()
                + " lastOffset=" + lastOffset() + " leaderEpoch=" + leaderEpoch() + " magic=" + magic()
                + " crc=0x" + Integer.toHexString(crc()) + " compression=" + compressionCode()
                + " transactional=" + isTransactional() + " control=" + isControl()
                + " logAppendTime=" + isLogAppendTime() + " deleteHorizon=" + hasDeleteHorizon()
                + " baseTimestamp=" + baseTimestamp() + " maxTimestamp=" + maxTimestamp()
                + " producerId=" + producerId() + " producerEpoch=" + producerEpoch()
                + " baseSequence=" + baseSequence() + " lastSequence=" + lastSequence()
                + " recordCount=" + recordCount() + "]";
    }
}
