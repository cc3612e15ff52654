package io.semel.idempotence;

import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import io.semel.log.CorruptLogException;
import io.semel.log.SnapshotWriter;
import io.semel.log.batch.ControlType;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ProducerSnapshotTest {
    private static final long ID = 7;

    private final ProducerIds ids = new ProducerIds(new Journal(), 100);
    private final ProducerStates states = new ProducerStates(ids);

    private static ByteBuffer snapshotOf(ProducerStates states) {
        SnapshotWriter sink = new SnapshotWriter().begin();
        states.encode(sink);
        return sink.finish();
    }

    /** What a writer has claimed, but the frontier not passed, may be lost in a crash: it is no part of a snapshot. */
    @Test
    void aSnapshotHoldsWhatIsAppliedAndNotWhatIsAdmitted() throws Exception {
        ids.revive(ID, (short) 0);
        ProducerState state = states.open(ID);
        for (int batch = 0; batch < 3; batch++) {
            state.recordBatch(Written.data(ID, 0, batch, 1, batch, true), batch);
        }
        states.apply(Written.data(ID, 0, 0, 1, 0, true));
        ProducerStates restored = new ProducerStates(new ProducerIds(new Journal(), 100));
        restored.restore(snapshotOf(states));
        ProducerState again = restored.find(ID);
        assertEquals(0, again.lastSequence());
        assertEquals(0, again.transactionOffset());
        assertEquals(1, again.recordedOffset());
        assertEquals(Verdict.ADMIT, again.judge((short) 0, 1, 1));
        assertEquals(2, state.lastSequence());
    }

    @Test
    void aProducerThatOnlyOpenedAWriterIsNoPartOfASnapshot() throws Exception {
        ids.revive(ID, (short) 0);
        assertNotNull(states.open(ID));
        ProducerIds later = new ProducerIds(new Journal(), 100);
        ProducerStates restored = new ProducerStates(later);
        restored.restore(snapshotOf(states));
        assertNull(restored.find(ID));
        assertNull(later.find(ID));
    }

    /** I4: after a restart the ids of a snapshot are known like those of replayed batches, at their highest epoch. */
    @Test
    void theIdsOfASnapshotAreAlive() throws Exception {
        states.apply(Written.data(ID, 2, 0, 1, 0, true));
        states.apply(Written.marker(ControlType.ABORT, ID, 3, 1));
        ProducerIds later = new ProducerIds(new Journal(), 0);
        later.revive(ID, (short) 1);
        ProducerStates restored = new ProducerStates(later);
        restored.restore(snapshotOf(states));
        assertEquals(3, later.find(ID).epoch());
        assertEquals(ProducerState.NO_OFFSET, restored.find(ID).transactionOffset());
        assertEquals(Verdict.FENCED, restored.find(ID).judge((short) 2, 1, 1));
    }

    @Test
    void aSnapshotOfAnotherVersionIsRefusedAndNothingTakenOver() {
        states.apply(Written.data(ID, 0, 0, 1, 0, false));
        ByteBuffer snapshot = snapshotOf(states);
        snapshot.putShort(0, (short) 2);
        ProducerStates restored = new ProducerStates(new ProducerIds(new Journal(), 100));
        CorruptLogException refused = assertThrows(CorruptLogException.class, () -> restored.restore(snapshot));
        assertEquals(true, refused.getMessage().contains("version 2"), refused::getMessage);
        assertNull(restored.find(ID));
    }

    @Test
    void theFormatIsTheOneInThePicture() {
        states.apply(Written.data(ID, 4, 0, 3, 1000, true));
        states.apply(Written.data(ID, 4, 3, 2, 1003, true));
        ByteBuffer snapshot = snapshotOf(states);
        assertEquals(6 + 39 + 2 * 16, snapshot.remaining());
        assertEquals(1, snapshot.getShort(0));
        assertEquals(1, snapshot.getInt(2));
        assertEquals(ID, snapshot.getLong(6));
        assertEquals(4, snapshot.getShort(6 + 8));
        assertEquals(4, snapshot.getInt(6 + 10));
        assertEquals(1003, snapshot.getLong(6 + 14));
        assertEquals(1000, snapshot.getLong(6 + 22));
        assertEquals(1005, snapshot.getLong(6 + 30));
        assertEquals(2, snapshot.get(6 + 38));
        assertEquals(0, snapshot.getInt(6 + 39));
        assertEquals(2, snapshot.getInt(6 + 43));
        assertEquals(1000, snapshot.getLong(6 + 47));
        assertEquals(3, snapshot.getInt(6 + 55));
        assertEquals(4, snapshot.getInt(6 + 59));
        assertEquals(1003, snapshot.getLong(6 + 63));
    }
}
