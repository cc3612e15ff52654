package io.semel.idempotence;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProducerStateTest {
    private static final long ID = 7;

    private final ProducerIds ids = new ProducerIds(new Journal(), 100);
    private final ProducerIdentity identity = ids.revive(ID, (short) 0);
    private final ProducerStates states = new ProducerStates(ids);
    private final ProducerState state = states.open(ID);
    private long nextOffset = 1000;

    private Verdict judge(int epoch, int sequence, int count) {
        return state.judge((short) epoch, sequence, count);
    }

    private long write(int epoch, int sequence, int count) {
        assertEquals(Verdict.ADMIT, judge(epoch, sequence, count));
        long offset = nextOffset;
        state.recordBatch(Written.data(ID, epoch, sequence, count, offset, false), offset);
        nextOffset += count;
        return offset;
    }

    @Test
    void eachOfTheLastFiveGetsItsOriginalOffsetAndTheSixthIsForgotten() {
        long[] offsets = new long[9];
        for (int batch = 0; batch < 9; batch++) {
            offsets[batch] = write(0, batch * 3, 3);
            nextOffset += 17;
        }
        for (int batch = 4; batch < 9; batch++) {
            assertEquals(Verdict.DUPLICATE, judge(0, batch * 3, 3), "batch " + batch);
            assertEquals(offsets[batch], state.originalOffset(batch * 3, 3));
        }
        for (int batch = 0; batch < 4; batch++) {
            assertEquals(Verdict.DUPLICATE_FORGOTTEN, judge(0, batch * 3, 3), "batch " + batch);
        }
    }

    /** An answer of duplicate would lose it: nothing like it was ever written. */
    @Test
    void whatOverlapsTheRememberedBatchesIsAGap() {
        for (int batch = 0; batch < 7; batch++) {
            write(0, batch * 3, 3);
        }
        assertEquals(Verdict.GAP, judge(0, 15, 2));
        assertEquals(Verdict.GAP, judge(0, 16, 3));
        assertEquals(Verdict.GAP, judge(0, 20, 3));
        assertEquals(Verdict.GAP, judge(0, 22, 1));
        assertEquals(Verdict.GAP, judge(0, 3, 10));
        assertEquals(Verdict.GAP, judge(0, -2, 1));
        assertEquals(Verdict.ADMIT, judge(0, 21, 1));
    }

    @Test
    void whileFewerThanFiveAreRememberedNothingIsForgotten() {
        write(0, 0, 10);
        assertEquals(Verdict.GAP, judge(0, 0, 5));
        assertEquals(Verdict.DUPLICATE, judge(0, 0, 10));
    }

    @Test
    void aProducerThatNeverWroteHereBeginsWithZero() {
        assertEquals(Verdict.GAP, judge(0, 1, 1));
        assertEquals(Verdict.GAP, judge(0, Integer.MAX_VALUE, 1));
        assertEquals(Verdict.ADMIT, judge(0, 0, 1));
    }

    @Test
    void anOlderEpochIsFencedAndANewOneBeginsWithZero() {
        write(0, 0, 5);
        identity.raise((short) 1, "a newer instance");
        assertEquals(Verdict.FENCED, judge(0, 5, 1));
        assertEquals(Verdict.FENCED, judge(0, 0, 5), "not even a retry");
        assertEquals(Verdict.GAP, judge(1, 5, 1));
        write(1, 0, 1);
        assertEquals(Verdict.DUPLICATE, judge(1, 0, 1));
        assertEquals(Verdict.GAP, judge(1, 0, 5));
        assertEquals(Verdict.FENCED, judge(-1, 0, 1));
    }

    @Test
    void anEpochThatWasNeverHandedOutAndADeadIdAreUnknown() {
        assertEquals(Verdict.UNKNOWN, judge(1, 0, 1));
        identity.retire("expired");
        assertEquals(Verdict.UNKNOWN, judge(0, 0, 1));
        assertNull(states.open(ID));
        assertNull(states.open(12345));
    }

    @Test
    void theLastEpochWorksLikeAnyOther() {
        identity.raise((short) (Short.MAX_VALUE - 1), "long life");
        write(Short.MAX_VALUE - 1, 0, 1);
        identity.raise(Short.MAX_VALUE, "longer life");
        assertEquals(Verdict.FENCED, judge(Short.MAX_VALUE - 1, 1, 1));
        write(Short.MAX_VALUE, 0, 1);
        assertEquals(Verdict.FENCED, judge(Short.MIN_VALUE, 1, 1));
    }

    /** I5: after 2^31-1 comes 0, also within a batch. */
    @Test
    void sequencesWrapWithinABatchAndRetriesAcrossTheWrapAreRecognised() {
        int last = Integer.MAX_VALUE - 7;
        for (int sequence = 0; sequence < last; sequence = Sequences.plus(sequence, 1 << 29)) {
            RecordBatchView batch = Written.data(ID, 0, sequence, 1, nextOffset, false);
            int count = Math.min(1 << 29, last - sequence);
            batch.buffer().putInt(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, count - 1);
            state.recordBatch(batch, nextOffset);
            nextOffset += count;
            if (count < 1 << 29) {
                break;
            }
        }
        assertEquals(last - 1, state.lastSequence());
        List<long[]> written = new ArrayList<>();
        int sequence = last;
        for (int batch = 0; batch < 5; batch++) {
            written.add(new long[] {sequence, write(0, sequence, 5)});
            sequence = Sequences.plus(sequence, 5);
        }
        assertEquals(16, state.lastSequence());
        for (long[] each : written) {
            assertEquals(Verdict.DUPLICATE, judge(0, (int) each[0], 5));
            assertEquals(each[1], state.originalOffset((int) each[0], 5));
        }
        assertEquals(Verdict.DUPLICATE_FORGOTTEN, judge(0, last - 5, 5));
        assertEquals(Verdict.GAP, judge(0, 18, 1));
        assertEquals(Verdict.ADMIT, judge(0, 17, 1));
    }

    @Test
    void aNewEpochWaitsForTheMarkerOfWhatTheOldOneLeftOpen() {
        state.recordBatch(Written.data(ID, 0, 0, 2, 1000, true), 1000);
        assertEquals(1000, state.transactionOffset());
        identity.raise((short) 1, "a newer instance");
        assertTrue(state.awaitsMarkerBefore((short) 1));
        state.recordMarker((short) 1, 1002, 5);
        assertEquals(ProducerState.NO_OFFSET, state.transactionOffset());
        assertTrue(!state.awaitsMarkerBefore((short) 1));
        assertEquals(Verdict.ADMIT, judge(1, 0, 1));
        assertEquals(Verdict.FENCED, judge(0, 2, 1));
    }
}
