package io.semel.server.inspect;

import java.io.IOException;

import io.semel.log.batch.RecordBatchView;

/**
 * One promise, checked while the log goes by. Every batch that arrives is whole; what is before it in the log stands in
 * {@link History}. Thread rule: one thread.
 */
interface LogCheck {
    default void segmentBegins(SegmentFile segment) throws IOException {
    }

    /** The view is borrowed for the call. */
    default void batch(SegmentFile segment, int position, RecordBatchView batch) {
    }

    /** @param endPosition behind the last whole batch */
    default void segmentEnds(SegmentFile segment, int endPosition) throws IOException {
    }

    default void logEnds() throws IOException {
    }
}
