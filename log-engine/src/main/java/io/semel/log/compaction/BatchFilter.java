package io.semel.log.compaction;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

import org.agrona.collections.LongHashSet;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/**
 * Judges the batches of a log, from its first one on in log order, and writes what stays of each.
 *
 * <ul>
 * <li>A record stays while it is the newest of its key; one without a key stays.
 * <li>A tombstone that is the newest of its key stays until its batch's delete horizon, which is set when the batch is first
 * found clean: so every reader that is not slower than that learns of the deletion.
 * <li>What was aborted goes.
 * <li>A marker stays as long as any batch of its transaction was there when the pass began, and then until its own delete
 * horizon (row 19: a marker never goes before its data).
 * <li>A batch that loses all its records goes, unless its producer is remembered by it: then it stays without records (I3).
 * <li>The last batch of a file stays, at worst without records: each segment begins where the one before ended, so that a
 * lost file is noticed.
 * </ul>
 *
 * <p>Thread rule: one thread at a time.
 */
final class BatchFilter {
    /** Where a batch stands in the file that is being written. */
    enum Place {
        WITHIN, LAST
    }

    private final CleaningRules rules;
    private final CompactionProgress progress;
    private final CleanedFile target;
    private final RecordCursor cursor = new RecordCursor();
    private final BatchRewriter rewriter = new BatchRewriter();
    private final BitSet kept = new BitSet();
    /** Producers with a transactional batch since their last marker; at most those that had one open at a time. */
    private final LongHashSet inTransaction = new LongHashSet();
    private boolean changed;

    BatchFilter(CleaningRules rules, CompactionProgress progress, CleanedFile target) {
        this.rules = rules;
        this.progress = progress;
        this.target = target;
    }

    /** Whether anything that was judged since the last call was not left as it is. */
    boolean takeChanged() {
        boolean answer = changed;
        changed = false;
        return answer;
    }

    void judge(RecordBatchView batch, Place place) throws IOException {
        if (batch.baseOffset() >= rules.endOffset()) {
            leave(batch);
        } else if (batch.isControl()) {
            judgeControl(batch, place);
        } else {
            judgeData(batch, place);
        }
    }

    private void judgeControl(RecordBatchView batch, Place place) throws IOException {
        ControlType type = batch.controlType();
        if (!batch.hasProducerId()) {
            // A filler: offsets that were claimed and given up.
            remove(batch, place);
        } else if (type != ControlType.COMMIT && type != ControlType.ABORT) {
            leave(batch);
        } else if (inTransaction.remove(batch.producerId()) || isRemembered(batch)) {
            leave(batch);
        } else if (!batch.hasDeleteHorizon()) {
            setHorizonOfMarker(batch);
        } else
            if (batch.baseTimestamp() > rules.nowMs()
                    || type == ControlType.ABORT && batch.baseOffset() >= rules.abortsListedFrom()) {
                        leave(batch);
                    } else {
                        remove(batch, place);
                    }
    }

    private void setHorizonOfMarker(RecordBatchView marker) throws IOException {
        cursor.wrap(marker);
        rewriter.begin(marker, rules.horizonMs());
        while (cursor.next()) {
            rewriter.add(cursor);
        }
        rewrite(rewriter.finish());
        progress.judged(marker.recordCount(), 0);
    }

    private void judgeData(RecordBatchView batch, Place place) throws IOException {
        if (batch.isTransactional()) {
            inTransaction.add(batch.producerId());
            if (rules.guide().isAborted(batch.producerId(), batch.baseOffset())) {
                remove(batch, place);
                return;
            }
        }
        boolean needsHorizon = choose(batch);
        int count = kept.cardinality();
        if (count == 0) {
            remove(batch, place);
        } else if (count == batch.recordCount() && !needsHorizon) {
            leave(batch);
        } else {
            writeKept(batch, needsHorizon ? rules.horizonMs() : NO_HORIZON);
            progress.judged(count, batch.recordCount() - count);
        }
    }

    private static final long NO_HORIZON = Long.MIN_VALUE;

    /** Fills {@link #kept}, by the number of the record in its batch; returns whether the batch needs a delete horizon. */
    private boolean choose(RecordBatchView batch) {
        boolean mayExpire = batch.hasDeleteHorizon() && batch.baseTimestamp() <= rules.nowMs();
        boolean isWhole = batch.nextOffset() <= rules.endOffset();
        boolean tombstones = false;
        kept.clear();
        cursor.wrap(batch);
        for (int record = 0; cursor.next(); record++) {
            boolean tombstone = cursor.valueLength() == RecordCursor.NULL_LENGTH
                    && cursor.keyLength() != RecordCursor.NULL_LENGTH;
            if (isNewest() && !(tombstone && mayExpire)) {
                kept.set(record);
                tombstones |= tombstone;
            }
        }
        return tombstones && isWhole && !batch.hasDeleteHorizon();
    }

    private boolean isNewest() {
        return cursor.offset() >= rules.endOffset() || cursor.keyLength() == RecordCursor.NULL_LENGTH
                || rules.newest().get(cursor.buffer(), cursor.keyPosition(), cursor.keyLength()) <= cursor.offset();
    }

    private void writeKept(RecordBatchView batch, long horizonMs) throws IOException {
        if (horizonMs == NO_HORIZON) {
            rewriter.begin(batch);
        } else {
            rewriter.begin(batch, horizonMs);
        }
        cursor.wrap(batch);
        for (int record = 0; cursor.next(); record++) {
            if (kept.get(record)) {
                rewriter.add(cursor);
            }
        }
        rewrite(rewriter.finish());
    }

    private boolean isRemembered(RecordBatchView batch) {
        return batch.hasProducerId() && batch.baseOffset() >= rules.guide().rememberedFrom(batch.producerId());
    }

    /** Takes all records away. */
    private void remove(RecordBatchView batch, Place place) throws IOException {
        progress.judged(0, batch.recordCount());
        boolean remembered = !batch.isControl() && isRemembered(batch);
        if (batch.recordCount() == 0 && (remembered || place == Place.LAST && !batch.hasProducerId())) {
            copy(batch);
        } else if (remembered) {
            rewrite(rewriter.onlySequence(batch));
        } else if (place == Place.LAST) {
            rewrite(rewriter.onlyOffsets(batch));
        } else {
            changed = true;
        }
    }

    private void leave(RecordBatchView batch) throws IOException {
        progress.judged(batch.recordCount(), 0);
        copy(batch);
    }

    private void copy(RecordBatchView batch) throws IOException {
        target.append(batch.buffer(), batch.position(), batch.sizeInBytes());
    }

    private void rewrite(ByteBuffer batch) throws IOException {
        changed = true;
        target.append(batch, batch.position(), batch.remaining());
    }
}
