package io.semel.log.compaction;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/**
 * Notes the newest offset of every key in the dirty part of a log, batch by batch, as far as that may be cleaned. What was
 * aborted supersedes nothing.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class DirtyMapper {
    private final OffsetMap newest;
    private final CompactionGuide guide;
    private final long fromOffset;
    private final long endOffset;
    private final long newestTimestampMs;
    private final RecordCursor cursor = new RecordCursor();
    private long mappedOffset;

    /**
     * @param fromOffset        everything below is clean
     * @param endOffset         everything from here on stays as it is
     * @param newestTimestampMs a batch with a newer record stays as it is, and so does all behind it
     */
    public DirtyMapper(OffsetMap newest, CompactionGuide guide, long fromOffset, long endOffset,
            long newestTimestampMs) {
        this.newest = newest;
        this.guide = guide;
        this.fromOffset = fromOffset;
        this.endOffset = endOffset;
        this.newestTimestampMs = newestTimestampMs;
        this.mappedOffset = fromOffset;
    }

    /** Takes the next batch in; false when this one is not, or not wholly, to be cleaned, and none after it. */
    public boolean map(RecordBatchView batch) {
        if (batch.nextOffset() <= fromOffset) {
            return true;
        }
        if (batch.nextOffset() > endOffset || batch.maxTimestamp() > newestTimestampMs) {
            return false;
        }
        boolean speaks = !batch.isControl()
                && !(batch.isTransactional() && guide.isAborted(batch.producerId(), batch.baseOffset()));
        if (speaks && !mapRecords(batch)) {
            return false;
        }
        mappedOffset = batch.nextOffset();
        return true;
    }

    private boolean mapRecords(RecordBatchView batch) {
        cursor.wrap(batch);
        while (cursor.next()) {
            long offset = cursor.offset();
            if (offset >= fromOffset && cursor.keyLength() != RecordCursor.NULL_LENGTH
                    && !newest.put(cursor.buffer(), cursor.keyPosition(), cursor.keyLength(), offset)) {
                mappedOffset = Math.max(mappedOffset, offset);
                return false;
            }
        }
        return true;
    }

    /** The offset up to which the log can be cleaned with what is noted. */
    public long mappedOffset() {
        return mappedOffset;
    }
}
