package io.semel.server.inspect;

import org.agrona.collections.Long2ObjectHashMap;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

/** I1, I2: within a producer's epoch sequences follow on each other from 0, and epochs never fall. */
final class SequenceCheck implements LogCheck {
    private final History history;
    private final Findings findings;
    private final Long2ObjectHashMap<Last> producers = new Long2ObjectHashMap<>();

    /** What a producer wrote last, and where. */
    private static final class Last {
        private short epoch = -1;
        private int sequence = RecordBatchLayout.NO_SEQUENCE;
        private long offset = Finding.NOWHERE;
    }

    SequenceCheck(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    @Override
    public void batch(SegmentFile segment, int position, RecordBatchView batch) {
        if (!batch.hasProducerId() || batch.isControl()) {
            return;
        }
        Last last = producers.get(batch.producerId());
        boolean first = last == null;
        if (first) {
            last = new Last();
            producers.put(batch.producerId(), last);
        }
        if (batch.producerEpoch() < last.epoch) {
            findings.add(segment, position, batch.baseOffset(), "producer epoch falls: producerId="
                    + batch.producerId(), last.epoch + " or more", batch.producerEpoch(), Finding.REPORT);
            return;
        }
        if (batch.producerEpoch() > last.epoch) {
            last.epoch = batch.producerEpoch();
            last.sequence = RecordBatchLayout.NO_SEQUENCE;
        }
        if (batch.baseSequence() != RecordBatchLayout.NO_SEQUENCE) {
            compare(segment, position, batch, last);
            last.sequence = batch.lastSequence();
        }
        last.offset = batch.lastOffset();
    }

    private void compare(SegmentFile segment, int position, RecordBatchView batch, Last last) {
        int expected = last.sequence + 1 & Integer.MAX_VALUE;
        int actual = batch.baseSequence();
        // What this producer wrote in between, or at first, may be among what the log holds no more.
        boolean mayMiss = last.offset < history.wholeFrom() && !history.isWhole();
        if (actual == expected || mayMiss) {
            return;
        }
        boolean repeated = (last.sequence - actual & Integer.MAX_VALUE) < 1 << 30;
        findings.add(segment, position, batch.baseOffset(), (repeated ? "sequence repeated" : "sequence gap")
                + ": producerId=" + batch.producerId() + " epoch=" + batch.producerEpoch(), expected, actual,
                Finding.REPORT);
    }
}
