package io.semel.idempotence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.semel.log.CorruptLogException;
import io.semel.log.SnapshotWriter;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

/** A directory of a few partitions in memory, with a journal of deaths that is on the medium when the test says so. */
final class ExpiryRig implements ProducerExpiry.Journal, ProducerExpiry.Partitions {
    static final long EXPIRATION_MS = 1_000;
    static final int PARTITIONS = 3;

    /** One partition: what its writers did, and the log that recovery finds. */
    static final class Place {
        ProducerStates states;
        final List<RecordBatchView> log = new ArrayList<>();
        long end;
        /** Of the first {@link #summedUp} batches; null when there is none. */
        ByteBuffer checkpoint;
        int summedUp;
    }

    final List<Place> places = new ArrayList<>();
    final Map<Long, byte[]> durable = new HashMap<>();
    private final Map<Long, byte[]> written = new HashMap<>();
    final Journal blocks = new Journal();
    long nowMs = 1_000_000;
    boolean isForced = true;
    boolean refuses;
    ProducerIds ids;
    ProducerExpiry expiry;
    private long tickets;

    ExpiryRig() {
        for (int index = 0; index < PARTITIONS; index++) {
            places.add(new Place());
        }
        open();
    }

    /** What the directory finds when it is opened: every log from its start, and the deaths on the medium. */
    void open() {
        written.clear();
        DeadIds dead = new DeadIds();
        durable.forEach(dead::put);
        ids = new ProducerIds(blocks, blocks.nextUnissued, dead, Verdicts.STRICT);
        for (Place place : places) {
            place.states = new ProducerStates(ids);
            restore(place);
            place.log.subList(place.summedUp, place.log.size()).forEach(place.states::apply);
        }
        expiry = new ProducerExpiry(ids, this, this, () -> nowMs, EXPIRATION_MS);
    }

    private static void restore(Place place) {
        if (place.checkpoint != null) {
            try {
                place.states.restore(place.checkpoint.duplicate());
            } catch (CorruptLogException e) {
                throw new AssertionError(e);
            }
        }
    }

    void takeCheckpoint(int where) {
        Place place = places.get(where);
        SnapshotWriter sink = new SnapshotWriter().begin();
        place.states.encode(sink);
        ByteBuffer lent = sink.finish();
        place.checkpoint = ByteBuffer.allocate(lent.remaining()).put(lent.duplicate()).flip();
        place.summedUp = place.log.size();
    }

    void loseCheckpoint(int where) {
        places.get(where).checkpoint = null;
        places.get(where).summedUp = 0;
    }

    /** As a partition's writer does it: use, judge, record, and the frontier passes at once. */
    Verdict write(int where, long id, int sequence, boolean transactional) {
        Place place = places.get(where);
        ProducerState state = place.states.open(id);
        if (state == null) {
            return Verdict.UNKNOWN;
        }
        return write(place, state, sequence, transactional);
    }

    Verdict write(Place place, ProducerState state, int sequence, boolean transactional) {
        state.identity().use();
        Verdict verdict = state.judge((short) 0, sequence, 1);
        if (verdict == Verdict.ADMIT) {
            RecordBatchView batch = Written.data(state.identity().producerId(), 0, sequence, 1, place.end,
                    transactional,
                    nowMs);
            state.recordBatch(batch, place.end);
            place.states.apply(batch);
            place.log.add(batch);
            place.end++;
        }
        return verdict;
    }

    void mark(int where, long id) {
        Place place = places.get(where);
        RecordBatchView marker = Written.marker(ControlType.COMMIT, id, 0, place.end, nowMs);
        place.states.find(id).recordMarker((short) 0, place.end, nowMs);
        place.states.apply(marker);
        place.log.add(marker);
        place.end++;
    }

    void pass(long ms) {
        nowMs += ms;
        settle();
    }

    void settle() {
        int done = 1;
        while (done > 0) {
            done = expiry.doWork();
        }
    }

    /** So long that an idle id is looked at often enough to die. */
    void outlast() {
        for (int look = 0; look < 13; look++) {
            pass(EXPIRATION_MS / 10);
        }
    }

    Set<Long> remembered(int where) {
        SnapshotWriter sink = new SnapshotWriter().begin();
        places.get(where).states.encode(sink);
        Set<Long> remembered = new TreeSet<>();
        places.get(where).states.snapshots().forEach(each -> remembered.add(each.producerId()));
        return remembered;
    }

    @Override
    public long append(long block, byte[] dead) {
        if (refuses) {
            return -1;
        }
        written.put(block, dead.clone());
        force();
        return ++tickets;
    }

    /** What was written is on the medium. */
    void force() {
        if (isForced) {
            durable.putAll(written);
        }
    }

    @Override
    public boolean isDurable(long ticket) {
        return isForced;
    }

    @Override
    public boolean isBusy(long producerId) {
        for (Place place : places) {
            ProducerState state = place.states.find(producerId);
            if (state != null && state.transactionOffset() != ProducerState.NO_OFFSET) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void forget(Collection<ProducerIdentity> dead) {
        places.forEach(place -> place.states.forget(dead));
    }
}
