package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;

import io.semel.log.Claim;
import io.semel.log.CompactionResources;
import io.semel.log.DirectClaim;
import io.semel.log.Log;
import io.semel.log.LogReader;
import io.semel.log.batch.RecordBatchLayout;

/**
 * A log and its model side by side, from one opening to the next close or crash. After every step the marks are where
 * the model has them, so they never go back (L6) and never pass a hole (L2).
 *
 * <p>Thread rule: one thread.
 */
final class OpenLog {
    /** What was asked of the log and is under way. */
    record Open(Claim claim, LogModel.Batch batch) {
    }

    private final SimulatedDisk disk;
    private final Log log;
    private final LogModel model;
    private final ModelFold fold;
    private final CompactionResources resources = new CompactionResources();
    private long frontierPosition;
    private long durableOffset;
    private boolean closed;

    private OpenLog(SimulatedDisk disk, Log log, LogModel model, ModelFold fold) {
        this.disk = disk;
        this.log = log;
        this.model = model;
        this.fold = fold;
        this.frontierPosition = log.frontierPosition();
    }

    /** Opens what a crash or a close left and holds it against the model: L1, L2, L4. The model follows. */
    static OpenLog open(SimulatedDisk disk, Path directory, LogModel model) throws IOException {
        ModelFold fold = new ModelFold(model);
        Log log = recover(disk, directory, fold);
        fold.requireNoMismatch();
        require(!fold.isPartial() || model.mayFeedWhatIsLeft(), "L4",
                "something was compacted that no checkpoint sums up");
        int found = fold.count();
        require(found >= model.mustSurvive(), "L1", found + " batches survived, " + model.mustSurvive()
                + " were acknowledged, of " + model.claimedCount() + " claimed");
        boolean lost = found < model.shownCount();
        require(log.leaderEpoch() > model.leaderEpoch() || !lost && log.leaderEpoch() == model.leaderEpoch(), "L2",
                "the leader epoch is " + log.leaderEpoch() + " and was " + model.leaderEpoch() + ", with " + found
                        + " of " + model.shownCount() + " shown batches left: offsets would show two contents in it");
        model.recovered(found, log.leaderEpoch());
        require(log.startOffset() >= model.startOffset() && log.startOffset() <= model.startCeiling(), "L6",
                "the log begins at " + log.startOffset() + ", and must between " + model.startOffset() + " and "
                        + model.startCeiling());
        model.startsAt(log.startOffset(), log.startOffset());
        OpenLog open = new OpenLog(disk, log, model, fold);
        open.check();
        if (model.compacts()) {
            model.guide().abortedDataGone(log.compaction().compactedOffset());
            open.readFrom(0);
        }
        return open;
    }

    static Log recover(SimulatedDisk disk, Path directory, ModelFold fold) throws IOException {
        return Log.open(disk, directory, fold.model().config(), fold.forLog());
    }

    static void require(boolean holds, String property, String otherwise) {
        if (!holds) {
            throw new ViolationException(property, otherwise);
        }
    }

    /** As {@link #require(boolean, String, String)}, where the words are dear and the question is put at every step. */
    static void require(boolean holds, String property, Supplier<String> otherwise) {
        if (!holds) {
            throw new ViolationException(property, otherwise.get());
        }
    }

    /** Claims, fills and publishes in one go. Returns the offset or a code of Append. */
    long append(ByteBuffer bytes) {
        Claim claim = new Claim();
        long code = tryClaim(claim, bytes);
        if (code >= 0) {
            LogModel.Batch batch = model.batch(model.claimedCount() - 1);
            model.publish(batch);
            log.fillAndPublish(claim, bytes, 0);
            follow();
        }
        return code;
    }

    long tryClaim(Claim claim, ByteBuffer bytes) {
        int records = RecordBatchLayout.lastOffsetDelta(bytes, 0) + 1;
        long end = model.endOf(model.claimedCount());
        long code = log.tryClaim(claim, records, bytes.capacity());
        if (code >= 0) {
            require(code == end && claim.endOffset() == end + records, "L2", "claimed offsets " + code + " to "
                    + claim.endOffset() + ", and " + end + " is next");
            model.claim(code, claim.endOffset(), bytes);
        }
        check();
        return code;
    }

    void fill(Open open, ByteBuffer bytes) {
        open.claim().fill(bytes, 0);
        check();
    }

    void publish(Open open) {
        model.publish(open.batch());
        log.publish(open.claim());
        follow();
    }

    /** Opens a claim whose value is written later, if ever. Returns the offset or a code of Append. */
    long openDirect(Direct direct) {
        long end = model.endOf(model.claimedCount());
        byte[] key = direct.key();
        long code = direct.claim().tryClaim(key, direct.value().capacity(), direct.timestampMs());
        if (code >= 0) {
            require(code == end, "L2", "claimed in place at offset " + code + ", and " + end + " is next");
            direct.batch = model.claim(code, code + 1, direct.record());
        }
        check();
        return code;
    }

    DirectClaim newDirectClaim() {
        return new DirectClaim(log);
    }

    void commit(Direct direct) {
        direct.write(direct.value().capacity());
        model.publish(direct.batch);
        long ticket = direct.claim().commit();
        require(ticket == direct.batch.endOffset, "L2", "committed in place with ticket " + ticket);
        follow();
    }

    void abort(Direct direct) {
        model.replace(direct.batch, direct.filler());
        model.publish(direct.batch);
        direct.claim().abort();
        follow();
    }

    /** A slice of compaction. */
    int compact() {
        model.mayCompact();
        int done = log.compact(model.nowMs(), model.guide(), resources);
        check();
        return done;
    }

    long compactedOffset() {
        return log.compaction().compactedOffset();
    }

    private void follow() {
        if (closed) {
            return;
        }
        if (!isOffline()) {
            model.advance();
        }
        check();
    }

    int doWork() {
        int done = log.doWork();
        check();
        return done;
    }

    int flush() {
        int done = log.flush();
        check();
        return done;
    }

    /** Acknowledges at POWER what is shown now. Returns whether it did. */
    boolean force() {
        try {
            log.force();
        } catch (IOException e) {
            require(isOffline(), "L5", "a force failed and the log goes on: " + e);
            return false;
        }
        require(log.durableOffset() == log.frontierOffset(), "L1", "forced, and not durable: " + log);
        check();
        return true;
    }

    /** One round of retention by size: at most up to {@code boundOffset}, and never more than the limit allows. */
    int clean(long boundOffset) {
        long before = model.startOffset();
        long failures = disk.failures();
        long ceiling = model.startCeiling();
        model.mayStartAt(Math.max(before, boundOffset));
        int done = log.clean(0, boundOffset);
        long start = log.startOffset();
        require(start >= before && start <= Math.max(before, boundOffset), "L6", "cleaned below " + boundOffset
                + ", and the start went from " + before + " to " + start);
        require(start == before || model.bytesFrom(start) >= log.config().retention().retentionBytes(), "L1",
                "retention left " + model.bytesFrom(start) + " bytes: " + log);
        followStart(failures, ceiling);
        return done;
    }

    /** Deletes what lies below {@code offset}. Returns whether the log says so. */
    boolean deleteBefore(long offset) {
        long failures = disk.failures();
        long ceiling = model.startCeiling();
        model.mayStartAt(offset);
        boolean deleted = false;
        try {
            long wanted = Math.max(offset, model.startOffset());
            long start = log.deleteRecordsBefore(offset);
            require(start == wanted, "L6", "deleted below " + offset + ", and the log begins at " + start);
            deleted = true;
        } catch (IOException e) {
            require(disk.failures() > failures || isOffline(), "L5", "the disk is well, and yet: " + e);
        }
        followStart(failures, ceiling);
        return deleted;
    }

    /** A start that did not move is no proof that an earlier attempt, which failed, did not reach the file. */
    private void followStart(long failuresBefore, long ceilingBefore) {
        boolean moved = log.startOffset() > model.startOffset();
        if (disk.failures() != failuresBefore) {
            model.showsStart(log.startOffset());
        } else {
            model.startsAt(log.startOffset(), moved ? log.startOffset() : ceilingBefore);
        }
        check();
    }

    void wantForce() {
        log.wantForce();
    }

    void close() throws IOException {
        // Over a claim that is open nothing is forced, and the log goes on where its frontier stood.
        boolean forces = !isOffline() && model.foldedCount() == model.claimedCount();
        closed = true;
        log.close();
        if (forces) {
            model.onMedium(model.endOf(model.foldedCount()));
        }
    }

    /** L5: offline, and nobody but a failed force may bring it there. */
    boolean isOffline() {
        Throwable failure = log.failure();
        require(failure == null || failure.toString().contains("force failed"), "L5", "offline because of " + failure);
        return failure != null;
    }

    long frontierOffset() {
        return log.frontierOffset();
    }

    int leaderEpoch() {
        return log.leaderEpoch();
    }

    private void check() {
        fold.requireNoMismatch();
        long frontier = model.endOf(model.foldedCount());
        require(log.frontierOffset() == frontier, "L6", () -> "the frontier is not " + frontier + ": " + log);
        require(log.startOffset() == model.startOffset() && log.claimedOffset() == model.endOf(model.claimedCount()),
                "L6", () -> "start is not " + model.startOffset() + " or claimed is not " + model.endOf(model
                        .claimedCount()) + ": " + log);
        require(log.frontierPosition() >= frontierPosition, "L6", () -> "the frontier went back from position "
                + frontierPosition + " to " + log.frontierPosition() + ": " + log);
        frontierPosition = log.frontierPosition();
        require(fold.count() == model.foldedCount(), "L4", () -> "folded are " + fold.count()
                + " batches, below the frontier " + model.foldedCount());
        checkDurable();
    }

    private void checkDurable() {
        long durable = log.durableOffset();
        require(durable >= durableOffset && durable <= log.frontierOffset(), "L6", () -> "durable was " + durableOffset
                + ": " + log);
        durableOffset = durable;
        model.onMedium(durable);
        long shown = model.endOf(model.shownCount());
        require(log.acknowledgedOffset() == shown && log.readableOffset() == shown, "L6", () -> "acknowledged is "
                + log.acknowledgedOffset() + ", readable " + log.readableOffset() + ", and not " + shown + ": " + log);
    }

    /** Reads everything from {@code offset} on: each batch is the one that was claimed, and none is missing. */
    void readFrom(long offset) {
        if (model.compacts()) {
            Survivors.check(log, model, model.shownCount(), offset);
            return;
        }
        try (LogReader reader = log.openReader()) {
            reader.seek(offset);
            for (int index = model.indexHolding(Math.max(offset, model.startOffset())); index < model.shownCount();
                    index++) {
                require(reader.next(log.readablePosition()), "L2", "batch " + index + " of " + model.shownCount()
                        + " is not readable: " + log);
                String difference = ModelFold.difference(model.batch(index), reader.batch(), index);
                require(difference.isEmpty(), "L2", difference);
            }
            require(!reader.next(log.readablePosition()), "L2", "more than " + model.shownCount()
                    + " batches are readable: " + log);
        }
    }
}
