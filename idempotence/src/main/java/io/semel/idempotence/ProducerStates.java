package io.semel.idempotence;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.agrona.collections.Long2ObjectHashMap;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

/**
 * The producers of one partition, built from its log.
 *
 * <p>Thread rule: {@link #apply} by the log's advance or by recovery; {@link #open} and {@link #find} by any thread.
 * Writers keep the state that they opened.
 */
public final class ProducerStates {
    private final ProducerIds ids;
    private final ConcurrentMap<Long, ProducerState> states = new ConcurrentHashMap<>();
    /** The same states, for {@link #apply} alone: its look-up per batch must not box the id. */
    private final Long2ObjectHashMap<ProducerState> applied = new Long2ObjectHashMap<>();

    public ProducerStates(ProducerIds ids) {
        this.ids = ids;
    }

    /** The state of a live producer in this partition, new if it never wrote here; null when the id is not alive. */
    public ProducerState open(long producerId) {
        ProducerIdentity identity = ids.find(producerId);
        return identity == null ? null : states.computeIfAbsent(producerId, id -> newState(identity));
    }

    private ProducerState newState(ProducerIdentity identity) {
        return new ProducerState(identity, ids.verdicts());
    }

    /** The state of a producer that wrote here; null when it never did. */
    public ProducerState find(long producerId) {
        return states.get(producerId);
    }

    public Collection<ProducerState> all() {
        return states.values();
    }

    /** Takes in a batch in log order. One that its writer recorded when it claimed is left as it is. */
    public void apply(RecordBatchView batch) {
        if (!batch.hasProducerId()) {
            return;
        }
        ProducerState state = applied.get(batch.producerId());
        if (state == null) {
            ProducerIdentity identity = ids.revive(batch.producerId(), batch.producerEpoch());
            state = states.computeIfAbsent(batch.producerId(), id -> newState(identity));
            applied.put(batch.producerId(), state);
        }
        if (batch.nextOffset() > state.recordedOffset()) {
            replay(state, batch);
        }
    }

    /** Only recovery comes here: a live batch was recorded by its writer before it was published. */
    private void replay(ProducerState state, RecordBatchView batch) {
        state.identity().raise(batch.producerEpoch(), "a newer instance found in the log");
        if (!batch.isControl()) {
            state.recordBatch(batch, batch.baseOffset());
        } else if (batch.controlType() == ControlType.COMMIT || batch.controlType() == ControlType.ABORT) {
            state.recordMarker(batch.producerEpoch(), batch.baseOffset(), batch.maxTimestamp());
        }
    }
}
