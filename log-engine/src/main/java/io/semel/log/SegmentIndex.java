package io.semel.log;

import java.nio.ByteBuffer;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

/**
 * The two sparse indexes of one segment, and the rule by which both grow: the running log, recovery and the rebuilding of
 * a lost index all come here with the same batches and get the same entries (L4).
 *
 * <p>Thread rule: one writer (the baton's holder, or recovery); any readers.
 */
final class SegmentIndex {
    private final OffsetIndex offsets;
    private final TimeIndex times;
    private int lastIndexedPosition;
    private volatile long maxTimestamp = TimeIndex.NO_TIMESTAMP;
    private int offsetOfMaxTimestamp;

    SegmentIndex() {
        this(new OffsetIndex(), new TimeIndex());
    }

    /** Whole indexes as they were read from their files. */
    SegmentIndex(OffsetIndex offsets, TimeIndex times) {
        this.offsets = offsets;
        this.times = times;
        this.lastIndexedPosition = offsets.lastPosition();
        this.maxTimestamp = times.lastTimestamp();
    }

    /** Both indexes written down, while the segment still grows. Borrowed buffers, not to be changed. */
    record Image(ByteBuffer offsets, ByteBuffer times, long maxTimestamp, int offsetOfMaxTimestamp) {
        /** Of a segment that is finished: its index files say more. */
        static final Image NOTHING = new SegmentIndex().image();
    }

    Image image() {
        return new Image(offsets.encode(), times.encode(), maxTimestamp, offsetOfMaxTimestamp);
    }

    /** Goes on from an image, which a checkpoint's CRC has proven right. */
    static SegmentIndex from(Image image) {
        SegmentIndex index = new SegmentIndex(
                OffsetIndex.decode(image.offsets().duplicate(), Integer.MAX_VALUE, Integer.MAX_VALUE).orElseThrow(),
                TimeIndex.decode(image.times().duplicate(), Integer.MAX_VALUE).orElseThrow());
        index.maxTimestamp = image.maxTimestamp();
        index.offsetOfMaxTimestamp = image.offsetOfMaxTimestamp();
        return index;
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    /** The largest timestamp of all batches taken in, or {@link TimeIndex#NO_TIMESTAMP}. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** Takes in the next batch, which stands at {@code position} of the segment that begins at {@code segmentBase}. */
    void take(RecordBatchView batch, int position, long segmentBase, int intervalBytes) {
        if (batch.maxTimestamp() > maxTimestamp) {
            maxTimestamp = batch.maxTimestamp();
            offsetOfMaxTimestamp = (int) (batch.lastOffset() - segmentBase);
        }
        if (position - lastIndexedPosition >= intervalBytes) {
            offsets.add((int) (batch.lastOffset() - segmentBase), position);
            times.add(maxTimestamp, offsetOfMaxTimestamp);
            lastIndexedPosition = position;
        }
    }

    /** Readies room for the entries of {@code lengthBytes} of batches, for a thread other than the one that takes them in. */
    void prepare(int lengthBytes, int intervalBytes) {
        int entryCount = lengthBytes / Math.max(intervalBytes, RecordBatchLayout.HEADER_LENGTH) + 1;
        offsets.prepare(entryCount);
        times.prepare(entryCount);
    }

    /** Once all batches are in: the time index ends with the segment's largest timestamp. */
    void complete() {
        times.add(maxTimestamp, offsetOfMaxTimestamp);
    }
}
