package io.semel.transactions.groups;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.transactions.partition.VerificationGuard;

/** {@code __consumer_offsets} in memory. Acknowledging and applying happen at once, or by hand. */
final class FakeOffsetsLog implements OffsetsLog {

    enum Pace {
        AT_ONCE, BY_HAND
    }

    private final List<ByteBuffer> batches = new ArrayList<>();
    private final ControlBatches markers = new ControlBatches();
    private final RecordBatchView view = new RecordBatchView();
    final Set<Long> fencedProducerIds = new HashSet<>();
    CommittedOffsets fold = new CommittedOffsets(0);
    Pace applying = Pace.AT_ONCE;
    Pace acknowledging = Pace.AT_ONCE;
    boolean isFull;
    private int appliedBatches;
    private long claimed;
    private long acknowledged;

    @Override
    public long append(ByteBuffer batch) {
        return isFull ? TRY_AGAIN : write(batch);
    }

    @Override
    public long appendTransactional(long producerId, VerificationGuard guard, ByteBuffer batch) {
        if (fencedProducerIds.contains(producerId)) {
            return FENCED;
        }
        return append(batch);
    }

    void end(ControlType type, long producerId) {
        write(markers.endTransaction(type, producerId, (short) 0, 0, 0));
    }

    private long write(ByteBuffer batch) {
        ByteBuffer copy = ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
        RecordBatchLayout.stamp(copy, 0, claimed, 0);
        if (!view.wrap(copy, 0).isCrcValid()) {
            throw new AssertionError("bad batch " + view);
        }
        batches.add(copy);
        long base = claimed;
        claimed = view.nextOffset();
        if (applying == Pace.AT_ONCE) {
            applyAll();
        }
        if (acknowledging == Pace.AT_ONCE) {
            acknowledgeAll();
        }
        return base;
    }

    void applyAll() {
        while (appliedBatches < batches.size()) {
            fold.apply(view.wrap(batches.get(appliedBatches++), 0));
        }
    }

    void acknowledgeAll() {
        acknowledged = claimed;
    }

    /** What a restart sees: a new fold of everything acknowledged. */
    void restart() {
        batches.removeIf(batch -> view.wrap(batch, 0).nextOffset() > acknowledged);
        claimed = acknowledged;
        fold = replay();
        appliedBatches = batches.size();
    }

    CommittedOffsets replay() {
        CommittedOffsets replayed = new CommittedOffsets(0);
        for (ByteBuffer batch : batches) {
            replayed.apply(new RecordBatchView().wrap(batch, 0));
        }
        return replayed;
    }

    int batchCount() {
        return batches.size();
    }

    @Override
    public long acknowledgedOffset() {
        return acknowledged;
    }

    @Override
    public long claimedOffset() {
        return claimed;
    }
}
