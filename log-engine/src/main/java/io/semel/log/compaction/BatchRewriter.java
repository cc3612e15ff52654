package io.semel.log.compaction;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

import io.semel.log.batch.Crc32c;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.Varints;
import io.semel.log.batch.codec.BatchCompressor;
import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.Compression;

import static io.semel.log.batch.RecordBatchLayout.ATTRIBUTES_POSITION;
import static io.semel.log.batch.RecordBatchLayout.BASE_SEQUENCE_POSITION;
import static io.semel.log.batch.RecordBatchLayout.BASE_TIMESTAMP_POSITION;
import static io.semel.log.batch.RecordBatchLayout.COMPRESSION_MASK;
import static io.semel.log.batch.RecordBatchLayout.CRC_POSITION;
import static io.semel.log.batch.RecordBatchLayout.DELETE_HORIZON_BIT;
import static io.semel.log.batch.RecordBatchLayout.HEADER_LENGTH;
import static io.semel.log.batch.RecordBatchLayout.LENGTH_POSITION;
import static io.semel.log.batch.RecordBatchLayout.LOG_OVERHEAD;
import static io.semel.log.batch.RecordBatchLayout.MAX_TIMESTAMP_POSITION;
import static io.semel.log.batch.RecordBatchLayout.NO_PRODUCER_EPOCH;
import static io.semel.log.batch.RecordBatchLayout.NO_PRODUCER_ID;
import static io.semel.log.batch.RecordBatchLayout.NO_SEQUENCE;
import static io.semel.log.batch.RecordBatchLayout.PRODUCER_EPOCH_POSITION;
import static io.semel.log.batch.RecordBatchLayout.PRODUCER_ID_POSITION;
import static io.semel.log.batch.RecordBatchLayout.RECORD_COUNT_POSITION;
import static io.semel.log.batch.RecordBatchLayout.TIMESTAMP_TYPE_BIT;
import static io.semel.log.batch.RecordBatchLayout.TRANSACTIONAL_BIT;

/**
 * Writes a batch again without some of its records: offsets, leader epoch, producer, sequence, timestamp type and codec stay
 * as they are; the codec's level, which no batch tells, is the default.
 *
 * <pre>{@code
 * rewriter.begin(view);
 * while (cursor.next()) { rewriter.add(cursor); }
 * file.append(rewriter.finish());
 * }</pre>
 *
 * <p>Thread rule: one thread at a time. What is returned is lent until the next call.
 */
final class BatchRewriter {
    /** A record's length, attributes, timestamp delta and offset delta. */
    private static final int MAX_RECORD_PREFIX = 1 + 2 * Varints.MAX_INT_LENGTH + Varints.MAX_LONG_LENGTH;
    private static final byte NO_ATTRIBUTES = 0;

    private final Map<Codec, BatchCompressor> compressors = new EnumMap<>(Codec.class);
    private final Crc32c crc32c = new Crc32c();
    private ByteBuffer target = ByteBuffer.allocate(4096);
    private RecordBatchView source;
    private int attributes;
    private long baseTimestamp;
    private long maxTimestamp;
    private int recordCount;
    private int end;

    /** Begins the batch anew. */
    void begin(RecordBatchView batch) {
        begin(batch, batch.attributes(), batch.baseTimestamp());
    }

    /** Begins the batch anew, with the time from which on its tombstones, or the marker that it is, may go. */
    void begin(RecordBatchView batch, long deleteHorizonMs) {
        begin(batch, batch.attributes() | DELETE_HORIZON_BIT, deleteHorizonMs);
    }

    private void begin(RecordBatchView batch, int newAttributes, long newBaseTimestamp) {
        source = batch;
        attributes = newAttributes;
        baseTimestamp = newBaseTimestamp;
        maxTimestamp = batch.isLogAppendTime() ? batch.maxTimestamp() : Long.MIN_VALUE;
        recordCount = 0;
        end = HEADER_LENGTH;
        target.clear();
        batch.buffer().get(batch.position(), target.array(), 0, HEADER_LENGTH);
    }

    /** Takes over the record under the cursor. */
    void add(RecordCursor record) {
        int contentLength = record.contentEnd() - record.contentPosition();
        reserve(MAX_RECORD_PREFIX + contentLength);
        long timestampDelta = record.timestamp() - baseTimestamp;
        int offsetDelta = (int) (record.offset() - source.baseOffset());
        int at = Varints.putInt(target, end,
                1 + Varints.sizeOfLong(timestampDelta) + Varints.sizeOfInt(offsetDelta) + contentLength);
        target.put(at, NO_ATTRIBUTES);
        at = Varints.putLong(target, at + 1, timestampDelta);
        at = Varints.putInt(target, at, offsetDelta);
        target.put(at, record.buffer(), record.contentPosition(), contentLength);
        end = at + contentLength;
        maxTimestamp = Math.max(maxTimestamp, record.timestamp());
        recordCount++;
    }

    private void reserve(int length) {
        if (length > target.capacity() - end) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * target.capacity(), end + length));
            larger.put(0, target, 0, end);
            target = larger;
        }
    }

    /** The batch with the records that were added, at least one. */
    ByteBuffer finish() {
        return seal();
    }

    /** The batch without any record: its producer's sequence is all that it still says. */
    ByteBuffer onlySequence(RecordBatchView batch) {
        begin(batch, batch.attributes() & (TIMESTAMP_TYPE_BIT | TRANSACTIONAL_BIT), batch.maxTimestamp());
        maxTimestamp = batch.maxTimestamp();
        return seal();
    }

    /** A batch without records and without producer: that the offsets are taken is all that it still says. */
    ByteBuffer onlyOffsets(RecordBatchView batch) {
        begin(batch, 0, batch.maxTimestamp());
        maxTimestamp = batch.maxTimestamp();
        target.putLong(PRODUCER_ID_POSITION, NO_PRODUCER_ID).putShort(PRODUCER_EPOCH_POSITION, NO_PRODUCER_EPOCH);
        target.putInt(BASE_SEQUENCE_POSITION, NO_SEQUENCE);
        return seal();
    }

    private ByteBuffer compressed() {
        Codec codec = Codec.ofCode(attributes & COMPRESSION_MASK);
        if (codec == Codec.NONE) {
            return target.limit(end).position(0);
        }
        BatchCompressor compressor = compressors.computeIfAbsent(codec,
                wanted -> new BatchCompressor(Compression.of(wanted)));
        ByteBuffer whole = compressor.compress(target.array(), HEADER_LENGTH, end - HEADER_LENGTH, HEADER_LENGTH);
        return whole.put(0, target, 0, HEADER_LENGTH);
    }

    private ByteBuffer seal() {
        target.putShort(ATTRIBUTES_POSITION, (short) attributes);
        target.putLong(BASE_TIMESTAMP_POSITION, baseTimestamp).putLong(MAX_TIMESTAMP_POSITION, maxTimestamp);
        target.putInt(RECORD_COUNT_POSITION, recordCount);
        ByteBuffer whole = compressed();
        int length = whole.limit();
        whole.putInt(LENGTH_POSITION, length - LOG_OVERHEAD);
        return whole.putInt(CRC_POSITION, crc32c.checksum(whole, ATTRIBUTES_POSITION, length - ATTRIBUTES_POSITION));
    }
}
