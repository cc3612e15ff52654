package io.semel.server.network.fetch;

import io.semel.log.Log;
import io.semel.log.LogReader;
import io.semel.log.batch.RecordBatchView;

/**
 * Where a leader epoch ends, as the batches themselves say: epochs never fall from one to the next. One in which nothing
 * was written is not known any more.
 *
 * @param epoch  the one asked for, or the last before it that wrote anything; -1 for none
 * @param offset the first that is not of it; -1 when it is not known
 */
record EpochEnd(int epoch, long offset) {
    private static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);

    static EpochEnd of(Log log, int epoch) {
        int current = log.leaderEpoch();
        long end = log.readableOffset();
        if (epoch == current) {
            return new EpochEnd(epoch, end);
        }
        if (epoch < 0 || epoch > current) {
            return UNKNOWN;
        }
        try (LogReader reader = log.openReader()) {
            return below(reader, log.readablePosition(), log.startOffset(), end, epoch);
        }
    }

    /** By halves: from {@code low} on nothing is known, below it all is of that epoch or an earlier one. */
    private static EpochEnd below(LogReader reader, long bound, long start, long end, int epoch) {
        RecordBatchView batch = reader.batch();
        long low = start;
        long high = end;
        int found = -1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            reader.seek(middle);
            if (!reader.next(bound)) {
                high = middle;
            } else if (batch.leaderEpoch() > epoch) {
                // With gaps in front of it, whose batches are compacted away.
                high = Math.min(middle, batch.baseOffset());
            } else {
                found = batch.leaderEpoch();
                low = batch.nextOffset();
            }
        }
        return new EpochEnd(found < 0 ? epoch : found, Math.min(low, end));
    }
}
