package io.semel.server.inspect;

import org.agrona.collections.Long2LongHashMap;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

/** T6, T7: a marker ends what is open, and nothing of an older epoch comes behind it. */
final class TransactionCheck implements LogCheck {
    private static final long NO_EPOCH = -1;

    private final History history;
    private final Findings findings;
    private final Long2LongHashMap markerEpochs = new Long2LongHashMap(NO_EPOCH);
    private final Long2LongHashMap openEpochs = new Long2LongHashMap(NO_EPOCH);

    TransactionCheck(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    @Override
    public void batch(SegmentFile segment, int position, RecordBatchView batch) {
        if (!batch.isTransactional()) {
            return;
        }
        if (!batch.hasProducerId()) {
            findings.add(segment, position, batch.baseOffset(), "transactional batch without a producer",
                    "a producer id", "none", Finding.REPORT);
        } else if (batch.isControl()) {
            if (History.endOf(batch) != ControlType.UNKNOWN) {
                marker(segment, position, batch);
            }
        } else {
            data(segment, position, batch);
        }
    }

    private void marker(SegmentFile segment, int position, RecordBatchView batch) {
        long producerId = batch.producerId();
        if (history.isWhole() && !history.open().containsKey(producerId)) {
            findings.add(segment, position, batch.baseOffset(), "marker without data: producerId=" + producerId,
                    "an open transaction", "none", Finding.REPORT);
        }
        if (batch.producerEpoch() < openEpochs.get(producerId)) {
            findings.add(segment, position, batch.baseOffset(), "marker older than the data: producerId=" + producerId,
                    "epoch " + openEpochs.get(producerId) + " or more", batch.producerEpoch(), Finding.REPORT);
        }
        openEpochs.remove(producerId);
        markerEpochs.put(producerId, Math.max(markerEpochs.get(producerId), batch.producerEpoch()));
    }

    private void data(SegmentFile segment, int position, RecordBatchView batch) {
        long producerId = batch.producerId();
        short epoch = batch.producerEpoch();
        if (epoch < markerEpochs.get(producerId)) {
            findings.add(segment, position, batch.baseOffset(), "data after a marker of a newer epoch: producerId="
                    + producerId, "epoch " + markerEpochs.get(producerId) + " or more", epoch, Finding.REPORT);
        }
        long openEpoch = openEpochs.get(producerId);
        if (openEpoch != NO_EPOCH && epoch > openEpoch) {
            findings.add(segment, position, batch.baseOffset(),
                    "data of a newer epoch in an open transaction: producerId=" + producerId, "a marker of the one"
                            + " with epoch " + openEpoch + " first", epoch, Finding.REPORT);
        }
        openEpochs.put(producerId, Math.max(openEpoch, epoch));
    }
}
