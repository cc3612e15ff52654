package io.semel.log.batch;

import java.nio.ByteBuffer;

import static io.semel.log.batch.RecordBatchLayout.ATTRIBUTES_POSITION;
import static io.semel.log.batch.RecordBatchLayout.COMPRESSION_MASK;
import static io.semel.log.batch.RecordBatchLayout.HEADER_LENGTH;
import static io.semel.log.batch.RecordBatchLayout.LOG_OVERHEAD;
import static io.semel.log.batch.RecordBatchLayout.MAGIC;
import static io.semel.log.batch.RecordBatchLayout.MAGIC_POSITION;
import static io.semel.log.batch.RecordBatchLayout.MIN_RECORD_LENGTH;

/** What recovery finds where a batch should start. Only {@link #WHOLE} may be kept. */
public enum BatchCheck {
    /** Version, bounds, CRC and counts hold. Whether offset and epoch fit the log, only the log can say. */
    WHOLE,
    /** Nothing was ever written here: zeros for a whole header, or as many as there are before the limit. */
    EMPTY,
    /** The batch says that it ends after the limit, or its header does. */
    TRUNCATED,
    BAD_MAGIC,
    /** Too short for a header, or zero although something else of the header was written. */
    BAD_LENGTH,
    BAD_CRC,
    /** The CRC holds, yet offsets, record count and size contradict each other: the writer was wrong. */
    BAD_COUNTS;

    /** Whatever the bytes are, this neither throws nor reads at or past {@code limit}. */
    static BatchCheck of(ByteBuffer buffer, int position, int limit) {
        int available = limit - position;
        if (available < LOG_OVERHEAD) {
            return isZero(buffer, position, limit) ? EMPTY : TRUNCATED;
        }
        int length = RecordBatchLayout.lengthField(buffer, position);
        if (length == 0 && isZero(buffer, position, position + Math.min(available, HEADER_LENGTH))) {
            return EMPTY;
        }
        if (length < HEADER_LENGTH - LOG_OVERHEAD) {
            return BAD_LENGTH;
        }
        if (available > MAGIC_POSITION && RecordBatchLayout.magic(buffer, position) != MAGIC) {
            return BAD_MAGIC;
        }
        if (length > available - LOG_OVERHEAD) {
            return TRUNCATED;
        }
        if (!crcHolds(buffer, position)) {
            return BAD_CRC;
        }
        return countsHold(buffer, position) ? WHOLE : BAD_COUNTS;
    }

    private static boolean isZero(ByteBuffer buffer, int position, int limit) {
        for (int at = position; at < limit; at++) {
            if (buffer.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean crcHolds(ByteBuffer buffer, int position) {
        int coveredLength = RecordBatchLayout.sizeInBytes(buffer, position) - ATTRIBUTES_POSITION;
        int actual = Crc32c.compute(buffer, position + ATTRIBUTES_POSITION, coveredLength);
        return actual == RecordBatchLayout.crc(buffer, position);
    }

    /** Compaction removes records and keeps offsets, so there may be fewer records than offsets, and even none. */
    private static boolean countsHold(ByteBuffer buffer, int position) {
        long baseOffset = RecordBatchLayout.baseOffset(buffer, position);
        int lastOffsetDelta = RecordBatchLayout.lastOffsetDelta(buffer, position);
        int recordCount = RecordBatchLayout.recordCount(buffer, position);
        if (baseOffset < 0 || lastOffsetDelta < 0 || recordCount < 0) {
            return false;
        }
        // The offset after the last one must be a number too: it is where the next batch starts.
        if (baseOffset > Long.MAX_VALUE - 1 - lastOffsetDelta || recordCount > lastOffsetDelta + 1L) {
            return false;
        }
        if ((RecordBatchLayout.attributes(buffer, position) & COMPRESSION_MASK) != 0) {
            return true;
        }
        int recordBytes = RecordBatchLayout.sizeInBytes(buffer, position) - HEADER_LENGTH;
        return recordCount == 0 ? recordBytes == 0 : recordCount <= recordBytes / MIN_RECORD_LENGTH;
    }
}
