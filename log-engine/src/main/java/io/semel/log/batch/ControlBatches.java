package io.semel.log.batch;

import java.nio.ByteBuffer;

/**
 * Control batches: one record that speaks to the log's readers instead of its users. A transaction's end is one.
 *
 * <pre>
 *    key    version int16 (0) | type int16 ({@link ControlType})
 *    value  version int16 (0) | coordinator epoch int32             of an end-transaction marker
 * </pre>
 *
 * <p>Thread rule: an instance belongs to one thread at a time; what it returns is valid until its next call. Writing
 * allocates nothing.
 */
public final class ControlBatches {
    private static final short VERSION = 0;
    private static final int TYPE_POSITION = Short.BYTES;
    private static final int KEY_LENGTH = TYPE_POSITION + Short.BYTES;
    private static final int COORDINATOR_EPOCH_POSITION = Short.BYTES;
    private static final int MARKER_VALUE_LENGTH = COORDINATOR_EPOCH_POSITION + Integer.BYTES;

    /** Bytes of every end-transaction marker: its record's lengths and deltas all fit in one byte each. */
    public static final int MARKER_BATCH_LENGTH =
            RecordBatchLayout.MIN_BATCH_LENGTH + KEY_LENGTH + MARKER_VALUE_LENGTH;

    private final RecordBatchWriter writer = new RecordBatchWriter(MARKER_BATCH_LENGTH, MARKER_BATCH_LENGTH);
    private final ByteBuffer key = ByteBuffer.allocate(KEY_LENGTH);
    private final ByteBuffer markerValue = ByteBuffer.allocate(MARKER_VALUE_LENGTH);

    /**
     * Encodes the marker that ends a transaction in one partition; like all control batches it takes one offset and has
     * no sequence.
     *
     * @param end {@link ControlType#COMMIT} or {@link ControlType#ABORT}
     * @return the batch from position 0 to the limit, lent until the next call
     */
    public ByteBuffer endTransaction(ControlType end, long producerId, short producerEpoch, int coordinatorEpoch,
            long timestamp) {
        if (end != ControlType.COMMIT && end != ControlType.ABORT) {
            throw new IllegalArgumentException("a transaction ends with COMMIT or ABORT, not " + end);
        }
        key.putShort(0, VERSION).putShort(TYPE_POSITION, end.code());
        markerValue.putShort(0, VERSION).putInt(COORDINATOR_EPOCH_POSITION, coordinatorEpoch);
        writer.begin(timestamp).producer(producerId, producerEpoch, RecordBatchLayout.NO_SEQUENCE)
                .asTransactional().asControl();
        if (!writer.tryAppend(timestamp, key, 0, KEY_LENGTH, markerValue, 0, MARKER_VALUE_LENGTH)) {
            throw new IllegalStateException("a marker has a fixed size and must fit: " + writer);
        }
        return writer.finish();
    }

    /** What the control record under the cursor says. */
    static ControlType typeOf(RecordCursor record) {
        if (record.keyLength() < KEY_LENGTH) {
            return ControlType.UNKNOWN;
        }
        return ControlType.ofCode(record.buffer().getShort(record.keyPosition() + TYPE_POSITION));
    }

    /**
     * The coordinator epoch of the end-transaction marker under the cursor.
     *
     * @throws CorruptBatchException if the value is too short for a marker
     */
    public static int coordinatorEpoch(RecordCursor marker) {
        if (marker.valueLength() < MARKER_VALUE_LENGTH) {
            throw new CorruptBatchException("end-transaction marker too short: valueLength=" + marker.valueLength()
                    + " expected=" + MARKER_VALUE_LENGTH + " offset=" + marker.offset());
        }
        return marker.buffer().getInt(marker.valuePosition() + COORDINATOR_EPOCH_POSITION);
    }
}
