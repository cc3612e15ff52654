package io.semel.verify.realdisk.worker;

import java.util.List;

import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

import static io.semel.verify.realdisk.worker.BrokenPromiseException.require;

/**
 * One partition against what its authors were told: batch by batch in log order, then what was acknowledged (L1), then
 * what was shown before (L2). Offsets are dense; each author's sequences are there once, in order, without a gap, so
 * that an append that was refused and yet written shows as a duplicate, and a claim that was given up as one too.
 *
 * <p>Thread rule: one thread.
 */
final class HistoryCheck {
    private final int partition;
    private final long startOffset;
    private final RecordCursor cursor = new RecordCursor();
    private final Long2ObjectHashMap<Trail> trails = new Long2ObjectHashMap<>();
    private final Shown shown;
    private int leaderEpoch;
    private long nextOffset = -1;
    private long records;
    private long hash;

    /** Where one author's records stand, by sequence. */
    private static final class Trail {
        private final long firstSequence;
        private final LongArrayList offsets = new LongArrayList();

        private Trail(long firstSequence) {
            this.firstSequence = firstSequence;
        }

        private long nextSequence() {
            return firstSequence + offsets.size();
        }
    }

    HistoryCheck(int partition, long startOffset) {
        this.partition = partition;
        this.startOffset = startOffset;
        this.shown = new Shown(startOffset);
    }

    void take(RecordBatchView batch) {
        requireNext(batch);
        require(batch.leaderEpoch() >= leaderEpoch, "L2", "partition " + partition + " goes on in leader epoch "
                + batch.leaderEpoch() + " at offset " + batch.baseOffset() + ", after " + leaderEpoch);
        leaderEpoch = batch.leaderEpoch();
        nextOffset = batch.nextOffset();
        shown.add(batch.baseOffset(), batch.crc());
        hash = CountedFold.plus(hash, batch);
        Content.requireGood(batch, cursor, partition);
        if (batch.isControl()) {
            return;
        }
        cursor.wrap(batch);
        while (cursor.next()) {
            takeRecord(Content.authorOf(cursor), Content.sequenceOf(cursor), cursor.offset());
        }
    }

    private void requireNext(RecordBatchView batch) {
        boolean first = nextOffset < 0;
        boolean fits = first ? batch.baseOffset() <= startOffset && batch.nextOffset() > startOffset
                : batch.baseOffset() == nextOffset;
        require(fits, "L2", "offsets are not dense: partition " + partition + " goes on at " + batch.baseOffset()
                + " and not at " + (first ? startOffset : nextOffset));
    }

    private void takeRecord(long author, long sequence, long offset) {
        Trail trail = trails.get(author);
        if (trail == null) {
            require(sequence == 0 || startOffset > 0, "L2", "lost: partition " + partition + " offset " + offset
                    + " is sequence " + sequence + " by " + Long.toHexString(author) + ", and none stands before it");
            trail = new Trail(sequence);
            trails.put(author, trail);
        }
        long expected = trail.nextSequence();
        require(sequence >= expected, "I1", "duplicated: partition " + partition + " offset " + offset
                + " is sequence " + sequence + " by " + Long.toHexString(author) + " again, " + expected + " is next");
        require(sequence == expected, "L2", "lost: partition " + partition + " offset " + offset + " is sequence "
                + sequence + " by " + Long.toHexString(author) + ", and " + expected + " is missing");
        trail.offsets.addLong(offset);
        records++;
    }

    /** L1, L2. */
    void requireAll(List<Acknowledged> acknowledged, Shown before) {
        for (Acknowledged each : acknowledged) {
            for (int index = 0; index < each.count(); index++) {
                if (each.offset() + index >= startOffset) {
                    requireThere(each, each.sequence() + index, each.offset() + index);
                }
            }
        }
        before.requireIn(shown, partition);
    }

    private void requireThere(Acknowledged told, long sequence, long offset) {
        Trail trail = trails.get(told.author());
        boolean there = trail != null && sequence >= trail.firstSequence && sequence < trail.nextSequence();
        require(there, "L1", "lost: partition " + partition + " offset " + offset + " was acknowledged, sequence "
                + sequence + " by " + Long.toHexString(told.author()) + "; the log holds " + startOffset + ".."
                + nextOffset);
        long found = trail.offsets.getLong((int) (sequence - trail.firstSequence));
        require(found == offset, "L2", "moved: sequence " + sequence + " by " + Long.toHexString(told.author())
                + " was acknowledged at offset " + offset + " of partition " + partition + " and stands at " + found);
    }

    /** The offset after the last batch, or the start where there is none. */
    long endOffset() {
        return nextOffset < 0 ? startOffset : nextOffset;
    }

    long records() {
        return records;
    }

    /** Of all batches, comparable with {@link CountedFold#hash()} while the log has its head. */
    long hash() {
        return hash;
    }

    Shown shown() {
        return shown;
    }
}
