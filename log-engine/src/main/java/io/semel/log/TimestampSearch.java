package io.semel.log;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/** Finds records by timestamp, as Kafka answers ListOffsets. Markers are no records. Stateless. */
final class TimestampSearch {
    private TimestampSearch() {
    }

    /** The first record by offset, below {@code bound}, that is at least as young as {@code timestampMs}. */
    static TimestampedOffset firstSince(LogReader reader, long bound, long timestampMs, long startOffset) {
        RecordCursor cursor = new RecordCursor();
        reader.seekToTimestamp(timestampMs);
        while (reader.next(bound)) {
            RecordBatchView batch = reader.batch();
            if (!batch.isControl() && batch.maxTimestamp() >= timestampMs) {
                TimestampedOffset found = firstSince(cursor, batch, timestampMs, startOffset);
                if (found != TimestampedOffset.NONE) {
                    return found;
                }
            }
        }
        return TimestampedOffset.NONE;
    }

    private static TimestampedOffset firstSince(RecordCursor cursor, RecordBatchView batch, long timestampMs,
            long startOffset) {
        cursor.wrap(batch);
        while (cursor.next()) {
            if (cursor.timestamp() >= timestampMs && cursor.offset() >= startOffset) {
                return new TimestampedOffset(cursor.offset(), cursor.timestamp(), batch.leaderEpoch());
            }
        }
        return TimestampedOffset.NONE;
    }

    /** The youngest record below {@code bound}; of several the first by offset. */
    static TimestampedOffset youngest(SegmentChain chain, LogReader reader, long bound, long startOffset) {
        RecordCursor cursor = new RecordCursor();
        long youngest = TimeIndex.NO_TIMESTAMP;
        long batchOffset = -1;
        Segment[] segments = chain.all();
        for (int index = segments.length - 1; index >= 0; index--) {
            Segment segment = segments[index];
            if (segment.basePosition() >= bound || chain.maxTimestamp(segment) < youngest) {
                continue;
            }
            // Indexes know of markers and of what is not readable yet, so the batches have the say.
            long youngestHere = TimeIndex.NO_TIMESTAMP;
            long end = segment.claimedOffset();
            reader.seek(segment.baseOffset());
            while (reader.next(bound) && reader.batch().baseOffset() < end) {
                long newest = newestIn(cursor, reader.batch(), startOffset);
                if (newest > youngestHere) {
                    youngestHere = newest;
                    if (youngestHere >= youngest) {
                        batchOffset = reader.batch().baseOffset();
                    }
                }
            }
            youngest = Math.max(youngest, youngestHere);
        }
        reader.seek(batchOffset);
        return batchOffset >= 0 && reader.next(bound) ? firstSince(cursor, reader.batch(), youngest, startOffset)
                : TimestampedOffset.NONE;
    }

    /** A batch that compaction left without records bears its old timestamp still, and so does one with deleted records. */
    private static long newestIn(RecordCursor cursor, RecordBatchView batch, long startOffset) {
        if (batch.isControl() || batch.recordCount() == 0) {
            return TimeIndex.NO_TIMESTAMP;
        }
        if (batch.baseOffset() >= startOffset) {
            return batch.maxTimestamp();
        }
        long newest = TimeIndex.NO_TIMESTAMP;
        cursor.wrap(batch);
        while (cursor.next()) {
            if (cursor.offset() >= startOffset) {
                newest = Math.max(newest, cursor.timestamp());
            }
        }
        return newest;
    }
}
