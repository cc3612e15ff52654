package io.semel.log;

import io.semel.log.batch.RecordBatchView;

/**
 * State that is built from a log, batch by batch in log order: {@code state = fold(log)}.
 *
 * <p>The running log and recovery call the same method (L4). Thread rule: one call at a time; what a call wrote is
 * visible to the next call and to whoever has seen the frontier past the batch.
 */
@FunctionalInterface
public interface LogFold {
    /**
     * Takes in one batch. The view is borrowed for the call.
     *
     * @param position the batch's log-absolute position in bytes, comparable with {@link Log#frontierPosition()}
     */
    void apply(RecordBatchView batch, long position);
}
