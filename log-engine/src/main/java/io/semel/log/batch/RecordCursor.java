package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

import io.semel.log.batch.codec.BatchDecompressor;
import io.semel.log.batch.codec.UnsupportedCompressionException;

/**
 * Flyweight that walks the records of a batch, and the headers of each record: plain ones in place, compressed ones in
 * a buffer of its own, which the next batch uses again.
 *
 * <pre>{@code
 * cursor.wrap(view);
 * while (cursor.next()) {
 *     consume(cursor.offset(), cursor.buffer(), cursor.valuePosition(), cursor.valueLength());
 * }
 * }</pre>
 *
 * <p>Thread rule: one thread at a time; positions are valid as long as the wrapped batch's bytes are, and those of a
 * compressed batch only until the next {@link #wrap}.
 *
 * <p>Invariants: nothing is read outside the batch, nor outside the record that a field belongs to; offsets ascend
 * strictly and stay within the batch's; no batch is decompressed past the limit. Bytes that break this give a
 * {@link CorruptBatchException}.
 */
public final class RecordCursor {
    /** The length of a null key or value. */
    public static final int NULL_LENGTH = -1;

    /** The varint ahead takes more than two bytes, or does not end before the record. */
    private static final int LONGER = -1;

    private final int maxDecompressedBytes;
    /** Made by the first compressed batch: most readers never meet one. */
    private BatchDecompressor decompressor;
    private ByteBuffer buffer;
    private int recordsPosition;
    private int recordsEnd;
    private long baseOffset;
    private long baseTimestamp;
    /** What every record bears if the log's clock stamped the batch. */
    private long logAppendTimestamp;
    private boolean isLogAppendTime;
    private int lastOffsetDelta;
    private int recordCount;

    private int recordsRead;
    /** The next byte to parse; between records, the start of the next one. */
    private int at;
    private int recordEnd;
    private int offsetDelta;
    private long timestampDelta;
    private int contentPosition;
    private int keyPosition;
    private int keyLength;
    private int valuePosition;
    private int valueLength;

    private int headerCount;
    private int headersRead;
    private int headersPosition;
    private int headerKeyPosition;
    private int headerKeyLength;
    private int headerValuePosition;
    private int headerValueLength;

    public RecordCursor() {
        this(BatchDecompressor.DEFAULT_MAX_BYTES);
    }

    /** @param maxDecompressedBytes what the records of one compressed batch may come to */
    public RecordCursor(int maxDecompressedBytes) {
        this.maxDecompressedBytes = maxDecompressedBytes;
    }

    /**
     * Stands before the first record.
     *
     * @throws UnsupportedCompressionException if the codec is unknown, or the jar that it needs is missing
     * @throws CorruptBatchException if the header leads outside the buffer, or compressed records can't be restored
     */
    public RecordCursor wrap(RecordBatchView view) {
        int sizeInBytes = view.sizeInBytes();
        if (sizeInBytes < RecordBatchLayout.HEADER_LENGTH || sizeInBytes > view.buffer().limit() - view.position()) {
            throw new CorruptBatchException(
                    "batch does not fit its buffer: limit=" + view.buffer().limit() + " " + view);
        }
        if (view.compressionCode() == 0) {
            buffer = view.buffer();
            recordsPosition = view.position() + RecordBatchLayout.HEADER_LENGTH;
            recordsEnd = view.position() + sizeInBytes;
        } else {
            buffer = decompress(view, sizeInBytes - RecordBatchLayout.HEADER_LENGTH);
            recordsPosition = 0;
            recordsEnd = buffer.limit();
        }
        baseOffset = view.baseOffset();
        baseTimestamp = view.baseTimestamp();
        logAppendTimestamp = view.maxTimestamp();
        isLogAppendTime = view.isLogAppendTime();
        lastOffsetDelta = view.lastOffsetDelta();
        recordCount = view.recordCount();
        recordsRead = 0;
        offsetDelta = -1;
        at = recordsPosition;
        recordEnd = at;
        return this;
    }

    private ByteBuffer decompress(RecordBatchView view, int compressedLength) {
        // The batch before is gone: should this one fail, no record of that may be shown in its place.
        recordsRead = recordCount;
        recordEnd = recordsEnd;
        headersRead = headerCount;
        if (decompressor == null) {
            decompressor = new BatchDecompressor(maxDecompressedBytes);
        }
        try {
            return decompressor.decompress(view.compressionCode(), view.buffer(),
                    view.position() + RecordBatchLayout.HEADER_LENGTH, compressedLength);
        } catch (DataFormatException e) {
            throw new CorruptBatchException("records can't be decompressed: " + e.getMessage() + ": " + view, e);
        } catch (UnsupportedCompressionException e) {
            throw new UnsupportedCompressionException(e.compressionCode(), e.getMessage() + ": " + view, e);
        }
    }

    /**
     * Steps to the next record.
     *
     * @return false after the last one
     * @throws CorruptBatchException if the record contradicts the format, or bytes are left after the last one
     */
    public boolean next() {
        at = recordEnd;
        if (recordsRead >= recordCount) {
            return endOfBatch();
        }
        recordsRead++;
        recordEnd = recordsEnd;
        int bodyLength = readInt("record length");
        if (bodyLength < 0 || bodyLength > recordsEnd - at) {
            throw corrupt("record length", bodyLength);
        }
        recordEnd = at + bodyLength;
        skipAttributes();
        timestampDelta = readLong("timestamp delta");
        readOffsetDelta();
        contentPosition = at;
        keyLength = readLength("key length", NULL_LENGTH);
        keyPosition = at;
        at += Math.max(keyLength, 0);
        valueLength = readLength("value length", NULL_LENGTH);
        valuePosition = at;
        at += Math.max(valueLength, 0);
        readHeaderCount();
        return true;
    }

    private boolean endOfBatch() {
        if (at != recordsEnd) {
            throw corrupt("bytes after the last record", recordsEnd - at);
        }
        return false;
    }

    private void skipAttributes() {
        if (at >= recordEnd) {
            throw corrupt("record without attributes, its end", recordEnd);
        }
        at++;
    }

    private void readOffsetDelta() {
        int delta = readInt("offset delta");
        if (delta <= offsetDelta || delta > lastOffsetDelta) {
            throw corrupt("offset delta", delta);
        }
        offsetDelta = delta;
    }

    private void readHeaderCount() {
        headersRead = 0;
        headerCount = readInt("header count");
        if (headerCount < 0 || headerCount > recordEnd - at) {
            throw corrupt("header count", headerCount);
        }
        headersPosition = at;
        if (headerCount == 0) {
            checkRecordEnds();
        }
    }

    /**
     * Steps to the next header of this record.
     *
     * @return false after the last one
     */
    public boolean nextHeader() {
        if (headersRead == headerCount) {
            return false;
        }
        headerKeyLength = readLength("header key length", 0);
        headerKeyPosition = at;
        at += headerKeyLength;
        headerValueLength = readLength("header value length", NULL_LENGTH);
        headerValuePosition = at;
        at += Math.max(headerValueLength, 0);
        if (++headersRead == headerCount) {
            checkRecordEnds();
        }
        return true;
    }

    /** Stands before the first header of this record again. */
    public void rewindHeaders() {
        headersRead = 0;
        at = headersPosition;
    }

    private void checkRecordEnds() {
        if (at != recordEnd) {
            throw corrupt("bytes left in the record", recordEnd - at);
        }
    }

    private int readLength(String field, int min) {
        int length = readInt(field);
        if (length < min || length > recordEnd - at) {
            throw corrupt(field, length);
        }
        return length;
    }

    private int readInt(String field) {
        int bits = readShortBits();
        if (bits != LONGER) {
            return Varints.unzigzag(bits);
        }
        int length = Varints.lengthOfInt(buffer, at, recordEnd);
        if (length == Varints.MALFORMED) {
            throw corrupt(field + " is no varint before", recordEnd);
        }
        int value = Varints.getInt(buffer, at);
        at += length;
        return value;
    }

    private long readLong(String field) {
        int bits = readShortBits();
        if (bits != LONGER) {
            return Varints.unzigzag(bits);
        }
        int length = Varints.lengthOfLong(buffer, at, recordEnd);
        if (length == Varints.MALFORMED) {
            throw corrupt(field + " is no varint before", recordEnd);
        }
        long value = Varints.getLong(buffer, at);
        at += length;
        return value;
    }

    /** Reads a varint of one or two bytes, which nearly all are, in one go; else reads nothing. */
    private int readShortBits() {
        int start = at;
        if (start >= recordEnd) {
            return LONGER;
        }
        int low = buffer.get(start);
        if (low >= 0) {
            at = start + 1;
            return low;
        }
        if (recordEnd - start < 2) {
            return LONGER;
        }
        int high = buffer.get(start + 1);
        if (high < 0) {
            return LONGER;
        }
        at = start + 2;
        return low & Varints.PAYLOAD | high << Varints.BITS_PER_BYTE;
    }

    private CorruptBatchException corrupt(String what, long number) {
        return new CorruptBatchException("corrupt record: " + what + "=" + number + " at position=" + at
                + " recordEnd=" + recordEnd + " record=" + recordsRead + "/" + recordCount + " recordsPosition="
                + recordsPosition + " recordsEnd=" + recordsEnd + " baseOffset=" + baseOffset + " lastOffsetDelta="
                + lastOffsetDelta);
    }

    public long offset() {
        return baseOffset + offsetDelta;
    }

    public long timestamp() {
        return isLogAppendTime ? logAppendTimestamp : baseTimestamp + timestampDelta;
    }

    /** The buffer that every position here is in: the batch's, or for a compressed batch this cursor's own. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where stands what does not depend on the batch: the key's length, and all after it up to {@link #contentEnd()}. */
    public int contentPosition() {
        return contentPosition;
    }

    /** The end of the record. */
    public int contentEnd() {
        return recordEnd;
    }

    /** {@link #NULL_LENGTH} for a null key. */
    public int keyLength() {
        return keyLength;
    }

    public int keyPosition() {
        return keyPosition;
    }

    /** {@link #NULL_LENGTH} for a null value. */
    public int valueLength() {
        return valueLength;
    }

    public int valuePosition() {
        return valuePosition;
    }

    public int headerCount() {
        return headerCount;
    }

    public int headerKeyLength() {
        return headerKeyLength;
    }

    public int headerKeyPosition() {
        return headerKeyPosition;
    }

    /** {@link #NULL_LENGTH} for a null value. */
    public int headerValueLength() {
        return headerValueLength;
    }

    public int headerValuePosition() {
        return headerValuePosition;
    }

    /** @return null for a null key, as Kafka has it */
    public byte[] copyKey() {
        return copy(keyPosition, keyLength);
    }

    /** @return null for a null value, as Kafka has it */
    public byte[] copyValue() {
        return copy(valuePosition, valueLength);
    }

    public byte[] copyHeaderKey() {
        return copy(headerKeyPosition, headerKeyLength);
    }

    /** @return null for a null value, as Kafka has it */
    public byte[] copyHeaderValue() {
        return copy(headerValuePosition, headerValueLength);
    }

    /** @return the key without a copy, as long valid as positions are; null for a null key */
    public ByteBuffer keySlice() {
        return keyLength == NULL_LENGTH ? null : buffer.slice(keyPosition, keyLength);
    }

    /** @return the value without a copy, as long valid as positions are; null for a null value */
    public ByteBuffer valueSlice() {
        return valueLength == NULL_LENGTH ? null : buffer.slice(valuePosition, valueLength);
    }

    private byte[] copy(int position, int length) {
        if (length == NULL_LENGTH) {
            return null;
        }
        byte[] copy = new byte[length];
        buffer.get(position, copy);
        return copy;
    }
}
