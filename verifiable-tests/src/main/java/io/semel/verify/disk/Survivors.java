package io.semel.verify.disk;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.semel.log.Log;
import io.semel.log.LogReader;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/**
 * Holds what a compacted log shows against the first batches of its model: every batch is as it was claimed, or one
 * that compaction may have touched, with records as they were claimed; of every key the newest record that counts is
 * there, and none that it had superseded or deleted counts again; markers stand behind their data (T9, row 19); what a
 * producer is remembered by is there (I3).
 *
 * <p>Thread rule: one thread, once.
 */
final class Survivors {
    private static final long GONE = -1;

    private final LogModel model;
    private final ModelTransactions transactions;
    private final long fromOffset;
    private final BitSet presentBatches = new BitSet();
    /** Of those the ones that still say which transaction they are of. */
    private final BitSet presentTransactional = new BitSet();
    private final Set<Long> presentRecords = new HashSet<>();
    private final RecordBatchView original = new RecordBatchView();
    private final RecordCursor cursor = new RecordCursor();
    private final RecordCursor originalCursor = new RecordCursor();
    private int next;

    private Survivors(LogModel model, int count, long fromOffset) {
        this.model = model;
        this.transactions = ModelTransactions.of(model, count);
        this.fromOffset = fromOffset;
        this.next = fromOffset >= model.endOf(count) ? count : model.indexHolding(fromOffset);
    }

    /** @param count batches that the log must show, or what compaction left of them */
    static void check(Log log, LogModel model, int count, long fromOffset) {
        Survivors survivors = new Survivors(model, count, Math.max(fromOffset, log.startOffset()));
        try (LogReader reader = log.openReader()) {
            reader.seek(survivors.fromOffset);
            while (reader.next(log.readablePosition())) {
                survivors.take(reader.batch());
            }
        }
        OpenLog.require(survivors.next == count, "L2", "the log ends after " + survivors.next + " batches of " + count
                + ": " + log);
        survivors.requireNewest();
        survivors.requireMarkersAndMemories();
    }

    private void take(RecordBatchView batch) {
        int index = indexOf(batch, next, transactions.count());
        String fault = model.difference(batch, index);
        OpenLog.require(fault.isEmpty(), "L2", fault);
        next = index + 1;
        presentBatches.set(index);
        presentTransactional.set(index, batch.isTransactional() && !batch.isControl());
        original.wrap(model.batch(index).bytes(), 0);
        if (!batch.isControl()) {
            takeRecords(batch, index);
        }
    }

    /** The batch of the model that this one is, or is what was left of. */
    private int indexOf(RecordBatchView batch, int from, int end) {
        int index = from;
        while (index < end && model.batch(index).baseOffset < batch.baseOffset()) {
            requireCompacted(index);
            index++;
        }
        OpenLog.require(index < end, "L2", () -> "a batch at offset " + batch.baseOffset()
                + " is there, behind the last of " + end);
        return index;
    }

    private void requireCompacted(int index) {
        LogModel.Batch missing = model.batch(index);
        OpenLog.require(missing.endOffset <= model.compactionCeiling(), "L2", () -> "batch " + index + " at offset "
                + missing.baseOffset + " is missing, and nothing was compacted from " + model.compactionCeiling()
                + " on");
    }

    private void takeRecords(RecordBatchView batch, int index) {
        cursor.wrap(batch);
        originalCursor.wrap(original);
        while (cursor.next()) {
            boolean known = originalCursor.next();
            while (known && originalCursor.offset() < cursor.offset()) {
                known = originalCursor.next();
            }
            OpenLog.require(known && originalCursor.offset() == cursor.offset() && isSame(), "L2",
                    () -> "the record at offset " + cursor.offset() + " of batch " + index
                            + " is not the one that was there");
            OpenLog.require(!transactions.isAborted(index) || model.guide().isListed(model.batch(transactions
                    .markerOf(index))), "T9",
                    () -> "the aborted record at offset " + cursor.offset() + " is there, and on no list any more");
            if (cursor.offset() >= fromOffset) {
                presentRecords.add(cursor.offset());
            }
        }
    }

    private boolean isSame() {
        int length = cursor.contentEnd() - cursor.contentPosition();
        return cursor.timestamp() == originalCursor.timestamp()
                && length == originalCursor.contentEnd() - originalCursor.contentPosition()
                && cursor.buffer().slice(cursor.contentPosition(), length).equals(originalCursor.buffer().slice(
                        originalCursor.contentPosition(), length));
    }

    /** The newest record of a key that counts, and whether it says that there is none. */
    private record Newest(long offset, boolean isTombstone, boolean mayBeGone) {
    }

    private void requireNewest() {
        Map<ByteBuffer, Newest> newest = new HashMap<>();
        Map<ByteBuffer, Long> found = new HashMap<>();
        int first = fromOffset >= model.endOf(transactions.count()) ? transactions.count()
                : model.indexHolding(fromOffset);
        for (int index = first; index < transactions.count(); index++) {
            original.wrap(model.batch(index).bytes(), 0);
            boolean counts = !original.isControl() && !transactions.isAborted(index)
                    && !transactions.isUndecided(index, original.producerId());
            if (counts) {
                count(model.batch(index), newest, found);
            }
        }
        newest.forEach((key, wanted) -> require(key, wanted, found.getOrDefault(key, GONE)));
    }

    private void count(LogModel.Batch batch, Map<ByteBuffer, Newest> newest, Map<ByteBuffer, Long> found) {
        originalCursor.wrap(original);
        while (originalCursor.next()) {
            long offset = originalCursor.offset();
            if (offset < fromOffset) {
                continue;
            }
            byte[] keyOrNull = originalCursor.copyKey();
            boolean present = presentRecords.contains(offset);
            if (keyOrNull == null) {
                OpenLog.require(present, "L2", () -> "the record at offset " + offset + " has no key and is gone");
                continue;
            }
            ByteBuffer key = ByteBuffer.wrap(keyOrNull);
            boolean tombstone = originalCursor.valueLength() == RecordCursor.NULL_LENGTH;
            newest.put(key, new Newest(offset, tombstone, tombstone && model.mayBeExpired(batch)));
            if (present) {
                found.put(key, offset);
            }
        }
    }

    private static void require(ByteBuffer key, Newest wanted, long found) {
        boolean expired = wanted.mayBeGone() && found == GONE;
        OpenLog.require(found == wanted.offset() || expired, "L4", () -> "the newest record of key " + key.getLong(0)
                + " stands at offset " + wanted.offset() + (wanted.isTombstone() ? ", a tombstone," : "")
                + " and the log shows " + (found == GONE ? "none" : "the one at " + found));
    }

    private void requireMarkersAndMemories() {
        int first = presentBatches.nextSetBit(0);
        for (int index = Math.max(0, first); index < transactions.count(); index++) {
            requireMarkerAndMemory(index, first);
        }
    }

    private void requireMarkerAndMemory(int index, int first) {
        original.wrap(model.batch(index).bytes(), 0);
        boolean remembered = original.hasProducerId() && transactions.isRemembered(index, original.producerId());
        boolean present = presentBatches.get(index);
        OpenLog.require(present || !remembered || first < 0, "I3", () -> "batch " + index
                + ", by which its producer is remembered, is gone");
        int marker = transactions.markerOf(index);
        OpenLog.require(!presentTransactional.get(index) || marker == ModelTransactions.NO_MARKER
                || presentBatches.get(marker), "T9", () -> "the marker of batch " + index + " is gone before its data");
    }
}
