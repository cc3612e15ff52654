package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.ProducerStates;
import io.semel.log.CorruptLogException;
import io.semel.log.LogFold;
import io.semel.log.SnapshotWriter;
import io.semel.log.SnapshottableFold;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

/**
 * What a partition itself learns from a batch, before the frontier passes it; then the topic's own fold.
 *
 * <p>Thread rule: as for every fold, one call at a time.
 *
 * <p>A snapshot is: version (2 bytes), producers, open transactions, aborted ranges, content; see there.
 */
final class PartitionFold implements SnapshottableFold {
    private static final short SNAPSHOT_VERSION = 1;

    private final ProducerStates producers;
    private final OpenTransactions open = new OpenTransactions();
    private final AbortedTransactions aborted = new AbortedTransactions();
    private final LogFold content;

    PartitionFold(ProducerIds ids, LogFold content) {
        this.producers = new ProducerStates(ids);
        this.content = content;
    }

    ProducerStates producers() {
        return producers;
    }

    OpenTransactions open() {
        return open;
    }

    AbortedTransactions aborted() {
        return aborted;
    }

    /** This fold as its log must see it: one whose content can't be written down is fed the whole log. */
    LogFold ofLog() {
        return content instanceof SnapshottableFold ? this : this::apply;
    }

    @Override
    public void apply(RecordBatchView batch, long position) {
        producers.apply(batch);
        // The content first: what a marker makes visible must be there when the last stable offset passes it.
        content.apply(batch, position);
        if (batch.isTransactional()) {
            if (batch.isControl()) {
                end(batch);
            } else {
                open.note(batch.producerId(), batch.baseOffset(), position);
            }
        }
    }

    private void end(RecordBatchView marker) {
        ControlType type = marker.controlType();
        if (type == ControlType.ABORT) {
            // Added before the transaction counts as ended: a committed reader then finds it (T9).
            long began = open.firstOffsetOf(marker.producerId());
            if (began != OpenTransactions.NONE) {
                aborted.add(marker.producerId(), began, marker.baseOffset());
            }
        }
        if (type == ControlType.ABORT || type == ControlType.COMMIT) {
            open.end(marker.producerId());
        }
    }

    @Override
    public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
        aborted.forgetBelow(startOffset);
        sink.putShort(SNAPSHOT_VERSION);
        producers.encode(sink);
        open.encode(sink);
        aborted.encode(sink);
        ((SnapshottableFold) content).encodeSnapshot(sink, startOffset);
    }

    @Override
    public void restoreSnapshot(ByteBuffer source, Positions positions) throws IOException {
        requireKnown(source.getShort());
        producers.restore(source);
        open.restore(source, positions);
        aborted.restore(source);
        ((SnapshottableFold) content).restoreSnapshot(source, positions);
    }

    static void requireKnown(short version) throws CorruptLogException {
        if (version != SNAPSHOT_VERSION) {
            throw new CorruptLogException("partition snapshot of version " + version + ", known is " + SNAPSHOT_VERSION
                    + "; open the directory with the version of Semel that wrote it, or a newer one");
        }
    }
}
