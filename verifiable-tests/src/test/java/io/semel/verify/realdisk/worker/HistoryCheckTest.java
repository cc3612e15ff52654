package io.semel.verify.realdisk.worker;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** X1: good histories pass, and each kind of bad one is told by its name. */
class HistoryCheckTest {
    private static final int PARTITION = 2;
    private static final long AUTHOR = Content.author(1, PARTITION, 0);

    private final List<ByteBuffer> log = new ArrayList<>();
    private final List<Acknowledged> told = new ArrayList<>();

    /** A batch of {@code count} records as their author wrote it, at that place. */
    private static ByteBuffer batch(long offset, long sequence, int count) {
        return batch(AUTHOR, offset, sequence, count, count);
    }

    private static ByteBuffer batch(long author, long offset, long sequence, int count, int written) {
        RecordBatchWriter writer = new RecordBatchWriter(1024, 60 << 10);
        writer.begin(1);
        ByteBuffer key = ByteBuffer.allocate(Content.KEY_LENGTH);
        for (int index = 0; index < written; index++) {
            long at = sequence + index;
            Content.putKey(key, author, at, index, count);
            assertTrue(writer.tryAppend(1, key, 0, Content.KEY_LENGTH, Content.pool(), Content.poolPosition(author, at),
                    Content.valueLength(author, at)));
        }
        ByteBuffer bytes = writer.finish();
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        RecordBatchLayout.stamp(copy, 0, offset, 0);
        return copy;
    }

    private HistoryCheck check(long startOffset) {
        HistoryCheck check = new HistoryCheck(PARTITION, startOffset);
        for (ByteBuffer batch : log) {
            check.take(new RecordBatchView().wrap(batch, 0));
        }
        return check;
    }

    private void assertGood(long startOffset, Shown before) {
        check(startOffset).requireAll(told, before);
    }

    private void assertBroken(String said) {
        assertBroken(said, new Shown(0));
    }

    private void assertBroken(String said, Shown before) {
        BrokenPromiseException broken = assertThrows(BrokenPromiseException.class, () -> check(0).requireAll(told,
                before));
        assertTrue(broken.getMessage().startsWith(said), broken::getMessage);
    }

    private void threeBatches() {
        log.add(batch(0, 0, 2));
        log.add(batch(2, 2, 1));
        log.add(batch(3, 3, 4));
        told.add(new Acknowledged(AUTHOR, 0, 0, 2));
        told.add(new Acknowledged(AUTHOR, 3, 3, 4));
    }

    @Test
    void aWholeHistoryIsGood() {
        threeBatches();
        assertGood(0, check(0).shown());
        assertEquals(7, check(0).records());
        assertEquals(7, check(0).endOffset());
    }

    @Test
    void whatRetentionTookIsNotLost() {
        threeBatches();
        Shown before = check(0).shown();
        log.remove(0);
        assertGood(2, before);
    }

    @Test
    void anAcknowledgedRecordThatIsMissingIsLost() {
        threeBatches();
        log.remove(2);
        assertBroken("L1: lost: partition 2 offset 3");
    }

    @Test
    void aHoleInAnAuthorsSequenceIsALoss() {
        log.add(batch(0, 0, 2));
        log.add(batch(2, 3, 1));
        assertBroken("L2: lost: partition 2 offset 2");
    }

    @Test
    void aMissingHeadIsALossWhereNothingMayGo() {
        log.add(batch(0, 1, 1));
        assertBroken("L2: lost: partition 2 offset 0");
    }

    @Test
    void anAppendThatWasRefusedAndWrittenIsADuplicate() {
        log.add(batch(0, 0, 2));
        log.add(batch(2, 0, 2));
        assertBroken("I1: duplicated: partition 2 offset 2");
    }

    @Test
    void offsetsThatLeaveAGapAreFound() {
        log.add(batch(0, 0, 2));
        log.add(batch(3, 2, 1));
        assertBroken("L2: offsets are not dense");
    }

    @Test
    void aLeaderEpochThatFallsIsFound() {
        threeBatches();
        RecordBatchLayout.stamp(log.get(1), 0, 2, 1);
        assertBroken("L2: partition 2 goes on in leader epoch 0 at offset 3, after 1");
    }

    @Test
    void anAcknowledgementOfAnotherOffsetIsAMove() {
        threeBatches();
        told.add(new Acknowledged(AUTHOR, 3, 2, 1));
        assertBroken("L2: moved: sequence 2");
    }

    @Test
    void everyChangedByteIsFound() {
        int length = batch(0, 0, 1).remaining();
        for (int at = RecordBatchLayout.MAGIC_POSITION; at < length; at++) {
            log.clear();
            ByteBuffer batch = batch(0, 0, 1);
            batch.put(at, (byte) (batch.get(at) ^ 1));
            log.add(batch);
            assertThrows(RuntimeException.class, () -> check(0).requireAll(told, new Shown(0)), "byte " + at);
        }
    }

    @Test
    void aRecordOfAnotherPartitionIsFound() {
        log.add(batch(Content.author(1, PARTITION + 1, 0), 0, 0, 1, 1));
        assertBroken("L2: changed: partition 2 offset 0");
    }

    @Test
    void halfOfABatchIsFoundAlsoWhereItsCrcIsRight() {
        log.add(batch(AUTHOR, 0, 0, 4, 2));
        assertBroken("L2: changed: partition 2 offset 0, record 0 of 2");
    }

    @Test
    void anotherBatchInThePlaceOfOneThatWasShownIsFound() {
        threeBatches();
        Shown before = check(0).shown();
        log.set(2, batch(Content.author(2, PARTITION, 1), 3, 0, 4, 4));
        told.clear();
        assertBroken("L2: changed: partition 2 shows another batch at offset 3", before);
    }

    @Test
    void aBatchThatWasShownAndIsGoneIsFound() {
        threeBatches();
        Shown before = check(0).shown();
        log.remove(2);
        told.clear();
        assertBroken("L2: lost: partition 2 showed a batch at offset 3", before);
    }

    @Test
    void aStartThatWentBackIsFound() {
        threeBatches();
        assertBroken("L6: partition 2 began at offset 5", new Shown(5));
    }
}
