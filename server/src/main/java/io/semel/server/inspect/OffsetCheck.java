package io.semel.server.inspect;

import io.semel.log.batch.RecordBatchView;

/**
 * Offsets are dense; only compaction, in complete segments, leaves gaps; each segment begins where the last one ended.
 */
final class OffsetCheck implements LogCheck {
    private final History history;
    private final Findings findings;

    OffsetCheck(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    @Override
    public void segmentBegins(SegmentFile segment) {
        if (segment.baseOffset() != history.nextOffset()) {
            findings.add(segment, 0, segment.baseOffset(), "segments do not chain up", "a segment that begins at "
                    + history.nextOffset(), segment.baseOffset(), Finding.RESTORE);
            history.missedBelow(segment.baseOffset());
        }
    }

    @Override
    public void batch(SegmentFile segment, int position, RecordBatchView batch) {
        long expected = history.nextOffset();
        long actual = batch.baseOffset();
        if (actual == expected) {
            return;
        }
        if (actual < expected || !segment.isComplete()) {
            findings.add(segment, position, actual, "base offset", expected, actual, Finding.RESTORE);
        }
        if (actual > expected) {
            history.missedBelow(actual);
        }
    }
}
