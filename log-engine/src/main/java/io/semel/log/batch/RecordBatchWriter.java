package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.Objects;

import io.semel.log.batch.codec.BatchCompressor;
import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.Compression;

import static io.semel.log.batch.RecordBatchLayout.ATTRIBUTES_POSITION;
import static io.semel.log.batch.RecordBatchLayout.BASE_SEQUENCE_POSITION;
import static io.semel.log.batch.RecordBatchLayout.BASE_TIMESTAMP_POSITION;
import static io.semel.log.batch.RecordBatchLayout.CRC_POSITION;
import static io.semel.log.batch.RecordBatchLayout.HEADER_LENGTH;
import static io.semel.log.batch.RecordBatchLayout.LAST_OFFSET_DELTA_POSITION;
import static io.semel.log.batch.RecordBatchLayout.LENGTH_POSITION;
import static io.semel.log.batch.RecordBatchLayout.LOG_OVERHEAD;
import static io.semel.log.batch.RecordBatchLayout.MAGIC_POSITION;
import static io.semel.log.batch.RecordBatchLayout.MAX_TIMESTAMP_POSITION;
import static io.semel.log.batch.RecordBatchLayout.MIN_BATCH_LENGTH;
import static io.semel.log.batch.RecordBatchLayout.NO_LEADER_EPOCH;
import static io.semel.log.batch.RecordBatchLayout.NO_PRODUCER_EPOCH;
import static io.semel.log.batch.RecordBatchLayout.NO_PRODUCER_ID;
import static io.semel.log.batch.RecordBatchLayout.NO_SEQUENCE;
import static io.semel.log.batch.RecordBatchLayout.PRODUCER_EPOCH_POSITION;
import static io.semel.log.batch.RecordBatchLayout.PRODUCER_ID_POSITION;
import static io.semel.log.batch.RecordBatchLayout.RECORD_COUNT_POSITION;

/**
 * Encodes one batch after another into a buffer of its own, complete with CRC; only base offset and leader epoch are
 * left for the log to {@link RecordBatchLayout#stamp}. It may compress the records of a batch as it finishes it.
 *
 * <pre>{@code
 * writer.begin(nowMs).producer(id, epoch, sequence).asTransactional();
 * while (writer.tryAppend(nowMs, key, value)) { ... }
 * append(writer.finish());
 * }</pre>
 *
 * <p>Thread rule: one thread at a time. The buffer that {@link #finish} lends is valid until the next {@link #begin}.
 * Once the buffer has grown to the size of the batches, nothing is allocated for plain ones.
 *
 * <p>Invariants: {@code HEADER_LENGTH <= end <= maxBatchBytes} from begin to begin; a refused record leaves no trace.
 * A batch that compression does not make shorter stays plain, so no finished batch is longer than {@code end}.
 */
public final class RecordBatchWriter {
    /** What a record without headers takes beside key and value, at most; a length of -1 for null included. */
    public static final int MAX_RECORD_OVERHEAD = Byte.BYTES + Varints.MAX_LONG_LENGTH + 4 * Varints.MAX_INT_LENGTH
            + Byte.BYTES + 2;

    /** Arrays can't be longer on every JVM. */
    private static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;
    /** A header count of zero. */
    private static final long NO_HEADERS_LENGTH = 1;
    private static final byte NO_HEADERS = 0;
    private static final int FULL = -1;
    private static final int NOT_SHORT = -1;

    private final int maxBatchBytes;
    private final Crc32c crc32c = new Crc32c();
    /** Null for plain batches. */
    private final BatchCompressor compressor;
    private byte[] bytes;
    private ByteBuffer buffer;

    private boolean isOpen;
    private int end = HEADER_LENGTH;
    private int recordCount;
    private int attributes;
    private long baseTimestamp;
    private long maxTimestamp;
    private long producerId;
    private short producerEpoch;
    private int baseSequence;

    /** @param maxBatchBytes no batch gets longer, header included */
    public RecordBatchWriter(int initialCapacityBytes, int maxBatchBytes) {
        this(initialCapacityBytes, maxBatchBytes, Compression.NONE);
    }

    /**
     * @param maxBatchBytes no batch gets longer, header included, nor was before it was compressed
     * @throws io.semel.log.batch.codec.UnsupportedCompressionException if the codec can't be had here
     */
    public RecordBatchWriter(int initialCapacityBytes, int maxBatchBytes, Compression compression) {
        if (maxBatchBytes < MIN_BATCH_LENGTH || maxBatchBytes > MAX_ARRAY_LENGTH) {
            throw new IllegalArgumentException("maxBatchBytes=" + maxBatchBytes + " must be from " + MIN_BATCH_LENGTH
                    + ", the smallest batch, to " + MAX_ARRAY_LENGTH);
        }
        if (initialCapacityBytes < 0) {
            throw new IllegalArgumentException("initialCapacityBytes=" + initialCapacityBytes + " is negative");
        }
        this.maxBatchBytes = maxBatchBytes;
        compressor = compression.codec() == Codec.NONE ? null : new BatchCompressor(compression);
        useBuffer(new byte[Math.min(Math.max(initialCapacityBytes, MIN_BATCH_LENGTH), maxBatchBytes)]);
    }

    /**
     * Bytes of a batch that holds this record alone, at the base timestamp, without headers. If that exceeds
     * {@code maxBatchBytes}, no writer will take the record. Saturates at {@code Integer.MAX_VALUE}.
     *
     * @param keyLength {@link RecordCursor#NULL_LENGTH} for null, as also for the value
     */
    public static int sizeOf(int keyLength, int valueLength) {
        return sizeOfBatch(keyLength, valueLength, NO_HEADERS_LENGTH);
    }

    /** As {@link #sizeOf(int, int)}, with headers. */
    public static int sizeOf(int keyLength, int valueLength, byte[][] headerKeys, byte[][] headerValues) {
        return sizeOfBatch(keyLength, valueLength, RecordEncoder.headersLength(headerKeys, headerValues));
    }

    private static int sizeOfBatch(int keyLength, int valueLength, long headersLength) {
        long bodyLength = RecordEncoder.bodyLength(0, 0, keyLength, valueLength, headersLength);
        if (bodyLength > MAX_ARRAY_LENGTH) {
            return Integer.MAX_VALUE;
        }
        return (int) Math.min(HEADER_LENGTH + Varints.sizeOfInt((int) bodyLength) + bodyLength, Integer.MAX_VALUE);
    }

    /**
     * Starts an empty plain batch: no producer, not transactional. Whatever was there before is forgotten.
     *
     * @param baseTimestamp what the records' timestamps are kept relative to; near them is short
     */
    public RecordBatchWriter begin(long baseTimestamp) {
        this.baseTimestamp = baseTimestamp;
        maxTimestamp = Long.MIN_VALUE;
        producerId = NO_PRODUCER_ID;
        producerEpoch = NO_PRODUCER_EPOCH;
        baseSequence = NO_SEQUENCE;
        attributes = 0;
        recordCount = 0;
        end = HEADER_LENGTH;
        isOpen = true;
        return this;
    }

    /** @param baseSequence the first record's sequence, or {@link RecordBatchLayout#NO_SEQUENCE} */
    public RecordBatchWriter producer(long id, short epoch, int baseSequence) {
        producerId = id;
        producerEpoch = epoch;
        this.baseSequence = baseSequence;
        return this;
    }

    public RecordBatchWriter asTransactional() {
        attributes |= RecordBatchLayout.TRANSACTIONAL_BIT;
        return this;
    }

    public RecordBatchWriter asControl() {
        attributes |= RecordBatchLayout.CONTROL_BIT;
        return this;
    }

    /**
     * Adds a record; key and value may be null.
     *
     * @return false, with nothing changed, if the batch would pass its limit
     */
    public boolean tryAppend(long timestamp, byte[] key, byte[] value) {
        int keyLength = RecordEncoder.lengthOf(key);
        int valueLength = RecordEncoder.lengthOf(value);
        int at = claimShort(timestamp, keyLength, valueLength);
        if (at != NOT_SHORT) {
            at = RecordEncoder.putContent(bytes, at, key);
            at = RecordEncoder.putBytes(bytes, at, value);
            bytes[at] = NO_HEADERS;
            return true;
        }
        at = claim(timestamp, keyLength, valueLength, NO_HEADERS_LENGTH);
        if (at == FULL) {
            return false;
        }
        at = RecordEncoder.putBytes(bytes, at, key);
        at = RecordEncoder.putBytes(bytes, at, value);
        RecordEncoder.putCount(bytes, at, 0);
        return true;
    }

    /** As {@link #tryAppend(long, byte[], byte[])}; a header's key is UTF-8 and never null, its value may be null. */
    public boolean tryAppend(long timestamp, byte[] key, byte[] value, byte[][] headerKeys, byte[][] headerValues) {
        if (headerKeys.length != headerValues.length) {
            throw new IllegalArgumentException("every header has a key and a value: keys=" + headerKeys.length
                    + " values=" + headerValues.length);
        }
        long headersLength = RecordEncoder.headersLength(headerKeys, headerValues);
        int at = claim(timestamp, RecordEncoder.lengthOf(key), RecordEncoder.lengthOf(value), headersLength);
        if (at == FULL) {
            return false;
        }
        at = RecordEncoder.putBytes(bytes, at, key);
        at = RecordEncoder.putBytes(bytes, at, value);
        RecordEncoder.putHeaders(bytes, at, headerKeys, headerValues);
        return true;
    }

    /**
     * As {@link #tryAppend(long, byte[], byte[])}, from stretches of buffers whose positions are left alone. A length
     * of {@link RecordCursor#NULL_LENGTH} means null; the buffer and position beside it are then ignored.
     */
    public boolean tryAppend(long timestamp, ByteBuffer key, int keyPosition, int keyLength, ByteBuffer value,
            int valuePosition, int valueLength) {
        checkSlice(key, keyPosition, keyLength);
        checkSlice(value, valuePosition, valueLength);
        int at = claim(timestamp, keyLength, valueLength, NO_HEADERS_LENGTH);
        if (at == FULL) {
            return false;
        }
        at = RecordEncoder.putBytes(bytes, at, key, keyPosition, keyLength);
        at = RecordEncoder.putBytes(bytes, at, value, valuePosition, valueLength);
        RecordEncoder.putCount(bytes, at, 0);
        return true;
    }

    private static void checkSlice(ByteBuffer source, int position, int length) {
        if (length != RecordCursor.NULL_LENGTH) {
            Objects.checkFromIndexSize(position, length, source.limit());
        }
    }

    /**
     * Takes room for one record and writes what stands before its key.
     *
     * @return where the key's length goes, or {@link #FULL} with nothing changed
     */
    private int claim(long timestamp, int keyLength, int valueLength, long headersLength) {
        if (!isOpen) {
            throw new IllegalStateException("no batch is open: call begin() before the first record");
        }
        long timestampDelta = timestamp - baseTimestamp;
        long bodyLength =
                RecordEncoder.bodyLength(timestampDelta, recordCount, keyLength, valueLength, headersLength);
        int start = end;
        int room = maxBatchBytes - start;
        if (bodyLength > room) {
            return FULL;
        }
        int recordLength = Varints.sizeOfInt((int) bodyLength) + (int) bodyLength;
        if (recordLength > room) {
            return FULL;
        }
        end = start + recordLength;
        if (end > bytes.length) {
            grow(start);
        }
        int offsetDelta = recordCount++;
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        return RecordEncoder.putPrefix(bytes, start, (int) bodyLength, timestampDelta, offsetDelta);
    }

    /**
     * As {@link #claim}, quickly, for a record of the usual kind that has room.
     *
     * @return where the key goes, or {@link #NOT_SHORT} with nothing changed
     */
    private int claimShort(long timestamp, int keyLength, int valueLength) {
        int start = end;
        int offsetDelta = recordCount;
        if (!isOpen || !RecordEncoder.isShort(timestamp - baseTimestamp, offsetDelta, keyLength, valueLength)) {
            return NOT_SHORT;
        }
        int bodyLength = RecordEncoder.shortBodyLength(offsetDelta, keyLength, valueLength);
        int newEnd = start + RecordEncoder.sizeOfShort(bodyLength) + bodyLength;
        // Near the end of the array the slow way grows it, or finds it full; one store needs a word's room.
        if (start + Long.BYTES > bytes.length || newEnd > bytes.length) {
            return NOT_SHORT;
        }
        end = newEnd;
        recordCount = offsetDelta + 1;
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        return RecordEncoder.putShortPrefix(bytes, start, bodyLength, offsetDelta, keyLength);
    }

    private void grow(int usedBytes) {
        long doubled = Math.max(2L * bytes.length, end);
        byte[] grown = new byte[(int) Math.min(doubled, maxBatchBytes)];
        System.arraycopy(bytes, 0, grown, 0, usedBytes);
        useBuffer(grown);
    }

    private void useBuffer(byte[] newBytes) {
        bytes = newBytes;
        buffer = ByteBuffer.wrap(newBytes);
    }

    public int recordCount() {
        return recordCount;
    }

    /** Bytes of the batch as it stands, header included, before it is compressed. */
    public int sizeInBytes() {
        return end;
    }

    /**
     * Completes the batch: base offset 0, no leader epoch, everything else final.
     *
     * @return the batch from position 0 to the limit, lent until the next {@link #begin}
     */
    public ByteBuffer finish() {
        if (!isOpen || recordCount == 0) {
            throw new IllegalStateException("nothing to finish: open=" + isOpen + " recordCount=" + recordCount
                    + "; a batch holds at least one record");
        }
        isOpen = false;
        buffer.limit(end).position(0);
        ByteBuffer compressed = compressor == null ? buffer
                : compressor.compress(bytes, HEADER_LENGTH, end - HEADER_LENGTH, HEADER_LENGTH);
        return compressed.limit() < end ? finish(compressed, attributes | compressor.codec().code())
                : finish(buffer, attributes);
    }

    private ByteBuffer finish(ByteBuffer batch, int batchAttributes) {
        int sizeInBytes = batch.limit();
        RecordBatchLayout.stamp(batch, 0, 0L, NO_LEADER_EPOCH);
        batch.putInt(LENGTH_POSITION, sizeInBytes - LOG_OVERHEAD);
        batch.put(MAGIC_POSITION, RecordBatchLayout.MAGIC);
        batch.putShort(ATTRIBUTES_POSITION, (short) batchAttributes);
        batch.putInt(LAST_OFFSET_DELTA_POSITION, recordCount - 1);
        batch.putLong(BASE_TIMESTAMP_POSITION, baseTimestamp);
        batch.putLong(MAX_TIMESTAMP_POSITION, maxTimestamp);
        batch.putInt(RECORD_COUNT_POSITION, recordCount);
        putProducer(batch, 0, producerId, producerEpoch, baseSequence);
        seal(batch, 0, sizeInBytes, crc32c);
        return batch;
    }

    /**
     * Gives a finished batch another producer id, epoch and sequence, and a new CRC: for a batch that was never
     * accepted and whose producer got a new epoch since.
     *
     * @param position the byte at which the batch starts in {@code buffer}
     */
    public static void resequence(ByteBuffer buffer, int position, long producerId, short producerEpoch,
            int baseSequence) {
        putProducer(buffer, position, producerId, producerEpoch, baseSequence);
        seal(buffer, position, RecordBatchLayout.sizeInBytes(buffer, position), Crc32c.ofThisThread());
    }

    private static void putProducer(ByteBuffer buffer, int position, long id, short epoch, int baseSequence) {
        buffer.putLong(position + PRODUCER_ID_POSITION, id);
        buffer.putShort(position + PRODUCER_EPOCH_POSITION, epoch);
        buffer.putInt(position + BASE_SEQUENCE_POSITION, baseSequence);
    }

    private static void seal(ByteBuffer buffer, int position, int sizeInBytes, Crc32c crc32c) {
        int coveredLength = sizeInBytes - ATTRIBUTES_POSITION;
        buffer.putInt(position + CRC_POSITION,
                crc32c.checksum(buffer, position + ATTRIBUTES_POSITION, coveredLength));
    }

    @Override
    public String toString() {
        return "RecordBatchWriter[open=" + isOpen + " recordCount=" + recordCount + " sizeInBytes=" + end
                + " maxBatchBytes=" + maxBatchBytes + " producerId=" + producerId + " producerEpoch=" + producerEpoch
                + " baseSequence=" + baseSequence + "]";
    }
}
