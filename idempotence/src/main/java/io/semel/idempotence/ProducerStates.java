package io.semel.idempotence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.agrona.collections.Long2ObjectHashMap;

import io.semel.log.CorruptLogException;
import io.semel.log.SnapshotWriter;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

/**
 * The producers of one partition, built from its log. Each has two trails of the same kind: the admitted one of its
 * {@link ProducerState} runs ahead with the claims, the applied one stands exactly at the frontier and is what a
 * snapshot holds.
 *
 * <p>Thread rule: {@link #apply}, {@link #encode} and {@link #restore} by the log's advance or by recovery;
 * {@link #open} and {@link #find} by any thread. Writers keep the state that they opened.
 *
 * <p>A snapshot, all big-endian:
 *
 * <pre>
 *  0        2               6
 *  | version | producer count | producers ...
 *
 *  one producer:
 *  0             8       10              14               22                    30           38      39
 *  | producer id | epoch | last sequence | last timestamp | transaction's first | end offset | count | batches ...
 *
 *  one batch, the oldest first, up to five:
 *  0                4               8             16
 *  | first sequence | last sequence | base offset |
 * </pre>
 */
public final class ProducerStates {
    private static final short SNAPSHOT_VERSION = 1;

    private final ProducerIds ids;
    private final ConcurrentMap<Long, ProducerState> states = new ConcurrentHashMap<>();
    /** By producer id, for {@link #apply} alone: its look-up per batch must not box the id. */
    private final Long2ObjectHashMap<Applied> applied = new Long2ObjectHashMap<>();
    /** Some of {@link #applied} are forgotten by now. */
    private volatile boolean purgeDue;

    /** One producer at the frontier, beside the same one ahead of it. */
    private record Applied(ProducerState state, ProducerTrail trail) {
    }

    public ProducerStates(ProducerIds ids) {
        this.ids = ids;
    }

    /** The state of a live producer in this partition, new if it never wrote here; null when the id is not alive. */
    public ProducerState open(long producerId) {
        ProducerIdentity identity = ids.find(producerId);
        if (identity == null) {
            return null;
        }
        identity.use();
        ProducerState state = states.computeIfAbsent(producerId, id -> newState(identity));
        if (identity.isForgotten()) {
            // It died in between, and nobody would come by again to take this away.
            states.remove(producerId, state);
            return null;
        }
        return state;
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

    /**
     * Forgets producers that are dead for ever (I4): their writers keep the state that they hold, which refuses
     * everything. The applied side follows with the next batch or checkpoint, whichever comes first.
     */
    public void forget(Collection<ProducerIdentity> dead) {
        dead.forEach(each -> states.remove(each.producerId()));
        purgeDue = true;
    }

    private void purgeIfDue() {
        if (purgeDue) {
            purgeDue = false;
            applied.values().removeIf(producer -> producer.state.identity().isForgotten());
        }
    }

    /**
     * Takes in a batch in log order. Its writer recorded it when it claimed; recovery, without a writer, does so here.
     */
    public void apply(RecordBatchView batch) {
        if (!batch.hasProducerId() || batch.isControl() && !endsTransaction(batch)) {
            return;
        }
        purgeIfDue();
        Applied producer = applied.get(batch.producerId());
        if (producer == null) {
            producer = admit(batch.producerId(), batch.producerEpoch());
        }
        boolean replays = batch.nextOffset() > producer.state.recordedOffset();
        if (replays) {
            producer.state.identity().raise(batch.producerEpoch(), "a newer instance found in the log");
            producer.state.identity().written(batch.maxTimestamp());
        }
        if (batch.isControl()) {
            producer.trail.takeMarker(batch.producerEpoch(), batch.baseOffset(), batch.maxTimestamp());
            if (replays) {
                producer.state.recordMarker(batch.producerEpoch(), batch.baseOffset(), batch.maxTimestamp());
            }
        } else {
            producer.trail.takeBatch(batch, batch.baseOffset());
            if (replays) {
                producer.state.recordBatch(batch, batch.baseOffset());
            }
        }
    }

    private static boolean endsTransaction(RecordBatchView control) {
        ControlType type = control.controlType();
        return type == ControlType.COMMIT || type == ControlType.ABORT;
    }

    private Applied admit(long producerId, short epoch) {
        ProducerIdentity identity = ids.revive(producerId, epoch);
        ProducerState state = states.computeIfAbsent(producerId, id -> newState(identity));
        Applied producer = new Applied(state, new ProducerTrail());
        applied.put(producerId, producer);
        return producer;
    }

    /** Writes down every producer as it stands at the frontier. */
    public void encode(SnapshotWriter sink) {
        purgeIfDue();
        sink.putShort(SNAPSHOT_VERSION).putInt(applied.size());
        applied.forEachLong((producerId, producer) -> {
            sink.putLong(producerId);
            producer.trail.encode(sink);
        });
    }

    /**
     * Takes over what {@link #encode} wrote, before anything is applied; the ids in it are alive as if their batches
     * had been replayed.
     *
     * @throws CorruptLogException when it is of an unknown version; nothing was taken over then
     */
    public void restore(ByteBuffer source) throws CorruptLogException {
        requireKnown(source.getShort());
        for (int left = source.getInt(); left > 0; left--) {
            long producerId = source.getLong();
            ProducerTrail trail = new ProducerTrail();
            trail.restore(source);
            ProducerIdentity identity = ids.revive(producerId, trail.epoch());
            identity.written(trail.lastTimestampMs());
            ProducerState state = states.computeIfAbsent(producerId, id -> newState(identity));
            state.restore(trail);
            applied.put(producerId, new Applied(state, trail));
        }
    }

    /**
     * Reads a snapshot without reviving anybody in it.
     *
     * @throws CorruptLogException when it is of an unknown version
     */
    public static List<ProducerSnapshot> read(ByteBuffer source) throws CorruptLogException {
        requireKnown(source.getShort());
        List<ProducerSnapshot> producers = new ArrayList<>();
        for (int left = source.getInt(); left > 0; left--) {
            long producerId = source.getLong();
            ProducerTrail trail = new ProducerTrail();
            trail.restore(source);
            producers.add(trail.snapshot(producerId));
        }
        return producers;
    }

    /** Every producer as it stands at the frontier. */
    public List<ProducerSnapshot> snapshots() {
        List<ProducerSnapshot> producers = new ArrayList<>();
        applied.forEachLong((producerId, producer) -> producers.add(producer.trail.snapshot(producerId)));
        return producers;
    }

    private static void requireKnown(short version) throws CorruptLogException {
        if (version != SNAPSHOT_VERSION) {
            throw new CorruptLogException("producer snapshot of version " + version + ", known is " + SNAPSHOT_VERSION
                    + "; open the directory with the version of Semel that wrote it, or a newer one");
        }
    }
}
