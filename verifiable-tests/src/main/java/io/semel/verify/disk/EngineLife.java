package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionConfig;
import io.semel.log.CorruptLogException;
import io.semel.log.Durability;
import io.semel.log.LogConfig;
import io.semel.log.RetentionConfig;
import io.semel.log.batch.ControlType;
import io.semel.verify.disk.EngineCounts.Count;

/**
 * One log through {@value #IMAGES} crashes: it is opened, worked with, and dies at a random storage call, between two
 * of them, or while it recovers from the last crash; disks fail and fill up meanwhile.
 *
 * <p>The same seed gives the same life, call by call. Thread rule: one thread.
 */
final class EngineLife {
    /** Crashes per life, not counting those inside recovery. Few, so that logs stay short and recoveries fast. */
    static final int IMAGES = 8;

    private static final int MAX_DEPTH = 3;
    private static final int MAX_OPEN_CLAIMS = 4;

    /** Nothing competes with this one thread, so an append that is put off so often never gets through. */
    private static final int MAX_ATTEMPTS = 4;

    /** Takes several extents, the least takes one. */
    private static final int LARGER_SEGMENT_BYTES = 192 << 10;

    /** Several segments; less than some lives write. */
    private static final int MAX_RETENTION_BYTES = 4 * (64 << 10);

    private static final int INDEX_INTERVAL_BYTES = 512;
    private static final int NOT_COMPARED = -1;
    private static final int MAX_KEYS = 40;
    private static final int MAX_COMPACTION_SLICES = 16;
    private static final int PRODUCERS = 3;

    /** Tombstones of the first rounds are gone in later ones. */
    private static final long DELETE_RETENTION_MS = 100_000;

    /** Longer than a compactor rests after a failure, so that it often is at work again. */
    private static final int MAX_PAUSE_MS = 400_000;
    private static final Path DIRECTORY = Path.of("/log");

    private final SplittableRandom random;
    private final Journal journal;
    private final BatchSource batches;
    private final LogModel model;
    private final Directs directs;
    private final SideFileDamage damage;
    private final Injuries injuries;
    private final Habits habits;
    private final Foresight foresight;
    private final EngineCounts counts = new EngineCounts();
    private SimulatedDisk disk;
    private OpenLog log;
    private List<OpenLog.Open> open = new ArrayList<>();
    /** The batches that a recovery on a copy found, for the next opening to find too. */
    private int expected = NOT_COMPARED;
    private boolean injured;
    private long hash;

    EngineLife(long seed, EnginePlan plan, Journal journal) {
        this.random = new SplittableRandom(seed);
        this.journal = journal;
        Durability durability = plan.durabilities().get(random.nextInt(plan.durabilities().size()));
        int segmentBytes = random.nextInt(3) == 0 ? LARGER_SEGMENT_BYTES : LogConfig.MIN_SEGMENT_BYTES;
        LogConfig config = new LogConfig(segmentBytes, BatchSource.MAX_BATCH_BYTES, INDEX_INTERVAL_BYTES)
                .withDurability(durability);
        boolean compacts = random.nextInt(3) == 0;
        if (compacts) {
            CleanupPolicy policy = random.nextBoolean() ? CleanupPolicy.COMPACT : CleanupPolicy.COMPACT_AND_DELETE;
            config = config.withCompaction(new CompactionConfig(policy, DELETE_RETENTION_MS, 0, Long.MAX_VALUE, 0));
        }
        // A log that is fed whole may never lose its head.
        this.model = random.nextInt(3) == 0 ? LogModel.fedWhole(config.withRetention(RetentionConfig.FOR_EVER))
                : LogModel.summedUp(config.withRetention(RetentionConfig.FOR_EVER.withRetentionBytes(random.nextInt(
                        MAX_RETENTION_BYTES))));
        // Only whole segments are compacted, and tiny batches fill none.
        List<BatchSource.Sizes> sizes = compacts ? BatchSource.Sizes.FILLING : List.of(BatchSource.Sizes.values());
        this.batches = new BatchSource(random.split(), sizes.get(random.nextInt(sizes.size())), compacts
                ? 1 + random.nextInt(MAX_KEYS)
                : BatchSource.NO_SHARED_KEYS);
        this.directs = new Directs(random.split(), batches);
        this.damage = new SideFileDamage(random.split());
        this.injuries = new Injuries(random.split(), journal);
        this.habits = new Habits(random.split(), model);
        this.foresight = new Foresight(random.split(), DIRECTORY, model, damage, counts);
        journal.note("a log of " + durability + ", segment bytes", segmentBytes);
        MetadataOrder order = plan.metadata().get(random.nextInt(plan.metadata().size()));
        this.disk = SimulatedDisk.create(random.nextLong(), order);
        if (random.nextInt(4) == 0) {
            journal.note("new blocks show what deleted files left in them");
            disk.reuseBlocks();
        }
    }

    /** @throws ViolationException if a property does not hold */
    void run() throws IOException {
        for (int image = 0; image < IMAGES; image++) {
            injured = injuries.plan(disk);
            foresight.watch(disk);
            try {
                live();
            } catch (CrashedException e) {
                journal.note(e.getMessage());
            }
            crash(Count.KILLS, Count.POWER_LOSSES);
            recoverUnderCrashes();
            loseCheckpoints();
        }
        disk.heal();
        reopen();
        log.readFrom(0);
        counts.add(Count.BATCHES, model.foldedCount());
    }

    /**
     * One crash only, and one fault at a chosen storage call. Returns whether so many calls were made that it struck.
     *
     * @throws ViolationException if a property does not hold
     */
    boolean runWith(SweptFault fault, long call) throws IOException {
        injured = fault.isOutlived();
        fault.plan(disk, call);
        try {
            live();
        } catch (CrashedException e) {
            journal.note(e.getMessage());
        }
        boolean struck = disk.calls() > call;
        crash(Count.KILLS, Count.POWER_LOSSES);
        reopen();
        log.readFrom(0);
        log.close();
        return struck;
    }

    EngineCounts counts() {
        return counts;
    }

    long hash() {
        return hash ^ counts.hash();
    }

    private void mix(long value) {
        hash = Long.rotateLeft(hash, 7) * 0x9E3779B97F4A7C15L + value;
    }

    private void live() throws IOException {
        if (random.nextInt(4) == 0) {
            model.resize(random.nextBoolean() ? LARGER_SEGMENT_BYTES : LogConfig.MIN_SEGMENT_BYTES);
            journal.note("segment bytes", model.config().segmentBytes());
        }
        reopen();
        int steps = random.nextInt(habits.maxSteps());
        for (int step = 0; step < steps; step++) {
            step();
            foresight.requireNothingSeen();
            if (log.isOffline()) {
                endOffline();
            }
        }
        leaveClaimsOpen();
    }

    /** Opens until it is open: a fault may refuse that, damage must not. */
    private void reopen() throws IOException {
        int shown = model.shownCount();
        boolean opened = false;
        while (!opened) {
            try {
                log = OpenLog.open(disk, DIRECTORY, model);
                opened = true;
            } catch (CorruptLogException e) {
                throw new ViolationException("L2", "refused after a crash: " + e.getMessage());
            } catch (IOException e) {
                outlive(e);
            }
        }
        OpenLog.require(expected == NOT_COMPARED || expected == model.foldedCount(), "L3", model.foldedCount()
                + " batches, and recovered without a crash " + expected);
        expected = NOT_COMPARED;
        counts.add(Count.LOSSES, model.foldedCount() < shown ? 1 : 0);
        journal.note("open: batches, leader epoch", model.foldedCount(), log.leaderEpoch());
        mix(model.foldedCount());
        mix(log.leaderEpoch());
    }

    private void outlive(IOException fault) throws IOException {
        journal.note(fault.getMessage());
        OpenLog.require(injured, "L5", "the disk is well, and yet: " + fault);
        counts.add(Count.FAILED_OPENS, 1);
        counts.add(Count.FORGETFUL, disk.hasForgotten() ? 1 : 0);
        // Once is enough: whoever opens again mended the disk.
        disk.heal();
        injured = false;
    }

    private void step() throws IOException {
        switch (habits.next(random)) {
            case APPEND -> append(nextBatch());
            case CLAIM -> {
                claimSeveral();
                publishAll();
            }
            case DIRECT -> {
                directs.step(log);
                note("in place: open", directs.count());
            }
            case DO_WORK -> note("doWork", log.doWork());
            case FLUSH -> note("flush", log.flush());
            case SHORTEN -> shorten();
            case READ -> log.readFrom(model.shownCount() == 0 ? 0 : random.nextLong(log.frontierOffset() + 2));
            case FORCE -> {
                counts.add(Count.FORCES, 1);
                note("force", log.force() ? model.onMediumCount() : -1);
            }
            case WANT_FORCE -> log.wantForce();
            case WRITE_BACK -> disk.writeBackSome();
            case CLOSE -> close();
            case COMPACT -> compact();
        }
    }

    /** One of a transaction, or its end, now and then where somebody looks at that. */
    private ByteBuffer nextBatch() {
        if (!model.compacts() || random.nextInt(3) > 0) {
            return batches.next();
        }
        long producerId = random.nextInt(PRODUCERS);
        if (random.nextInt(3) == 0 && model.transactions().isOpen(producerId)) {
            return batches.nextMarker(random.nextBoolean() ? ControlType.COMMIT : ControlType.ABORT, producerId);
        }
        return batches.nextInTransaction(producerId);
    }

    /** Some slices of compaction, and of the flushing that it waits for. */
    private void compact() {
        injuries.planWithinCompaction(disk);
        model.pass(random.nextInt(MAX_PAUSE_MS));
        long before = log.compactedOffset();
        for (int slices = 1 + random.nextInt(MAX_COMPACTION_SLICES); slices > 0 && !log.isOffline(); slices--) {
            switch (random.nextInt(6)) {
                case 0, 1 -> log.flush();
                // Retention has nothing to do below this bound but to let files go.
                case 2 -> log.clean(0);
                default -> log.compact();
            }
        }
        counts.add(Count.COMPACTIONS, log.compactedOffset() > before ? 1 : 0);
        note("compacted", log.compactedOffset());
    }

    /** Retention, or records deleted on demand. */
    private void shorten() {
        if (!model.isSummed()) {
            return;
        }
        long shown = model.endOf(model.shownCount());
        if (random.nextInt(3) > 0) {
            note("clean", log.clean(random.nextLong(shown + 1)));
        } else {
            note("delete records", log.deleteBefore(random.nextLong(shown + 1)) ? 1 : 0);
        }
        note("start", model.startOffset());
    }

    private void note(String what, long result) {
        journal.note(what, result);
        mix(result);
    }

    private void append(ByteBuffer batch) {
        long code = log.append(batch);
        for (int attempt = 0; code < 0 && isWorthAnother(code, attempt); attempt++) {
            code = log.append(batch);
        }
        note("append: batch, bytes", model.claimedCount() - 1L);
        mix(batch.capacity());
    }

    /** Looks after an append that was refused; false when there is no point in trying again. */
    private boolean isWorthAnother(long code, int attempt) {
        journal.note(Append.describe(code));
        if (code == Append.DISK_FULL) {
            OpenLog.require(injured && attempt < MAX_ATTEMPTS, "L5", "disk full, and it is not");
            counts.add(Count.FULL, 1);
            log.readFrom(0);
            if (random.nextBoolean()) {
                return false;
            }
            disk.heal();
            injured = attempt == 0;
            return true;
        }
        OpenLog.require(code == Append.BACK_PRESSURED && attempt < MAX_ATTEMPTS || log.isOffline(), "L5",
                "refused for no reason: " + Append.describe(code));
        if (code == Append.BACK_PRESSURED) {
            // A claim that stays open holds everybody back in the end.
            directs.end(log);
        }
        return code == Append.BACK_PRESSURED && log.doWork() >= 0;
    }

    private void claimSeveral() {
        int wanted = 1 + random.nextInt(MAX_OPEN_CLAIMS);
        for (int count = 0; count < wanted; count++) {
            Claim claim = new Claim();
            ByteBuffer batch = batches.next();
            if (log.tryClaim(claim, batch) >= 0) {
                OpenLog.Open claimed = new OpenLog.Open(claim, model.batch(model.claimedCount() - 1));
                open.add(claimed);
            }
        }
        note("claimed", open.size());
    }

    private void publishAll() {
        while (!open.isEmpty()) {
            OpenLog.Open next = open.remove(random.nextInt(open.size()));
            log.fill(next, next.batch().bytes());
            log.publish(next);
        }
    }

    /**
     * What a process leaves that dies while it appends: claims empty, half filled, filled, and published behind those.
     */
    private void leaveClaimsOpen() {
        if (random.nextInt(3) > 0) {
            directs.end(log);
        }
        if (habits.leavesClaims(random)) {
            claimSeveral();
            for (OpenLog.Open each : open) {
                switch (random.nextInt(4)) {
                    case 0 -> log.fill(each, batches.halfDone(each.batch().bytes()));
                    case 1 -> log.fill(each, each.batch().bytes());
                    case 2 -> {
                        log.fill(each, each.batch().bytes());
                        log.publish(each);
                    }
                    default -> {
                        // Claimed, and nothing more.
                    }
                }
            }
        }
    }

    /**
     * L5: what is published after a failed force is neither shown nor acknowledged, and all that was shown is readable.
     */
    private void endOffline() throws IOException {
        counts.add(Count.FAILED_FORCES, 1);
        journal.note("offline");
        publishAll();
        directs.end(log);
        ByteBuffer refused = batches.next();
        OpenLog.require(log.append(refused) == Append.OFFLINE, "L5", "an append after a failed force was taken");
        // It may say that all is on the medium when it was before; it may not find that out by trying once more.
        long forces = disk.forces();
        int onMedium = model.onMediumCount();
        boolean forced = log.force();
        OpenLog.require(disk.forces() == forces, "L5", "a force was tried again");
        OpenLog.require(model.onMediumCount() == onMedium && (!forced || onMedium == model.foldedCount()), "L5",
                "after a failed force more is on the medium than before");
        log.readFrom(0);
        log.close();
        // What a failed force forgot is in the cache until the power goes: the next owner lives on what he finds there.
        counts.add(Count.FORGETFUL, disk.hasForgotten() ? 1 : 0);
        disk.heal();
        injured = false;
        reopen();
    }

    private void close() throws IOException {
        if (random.nextInt(3) > 0) {
            directs.end(log);
        }
        try {
            boolean abandons = !directs.isEmpty();
            log.close();
            counts.add(abandons ? Count.ABANDONED : Count.CLOSES, 1);
            directs.end(log);
            OpenLog.require(disk.mappings() == 0, "L5", disk.mappings() + " mappings are left after a close");
            note("closed", model.foldedCount());
        } catch (IOException e) {
            outlive(e);
            directs.end(log);
        }
        reopen();
    }

    private void crash(Count kill, Count powerLoss) {
        requireNoStrayStore();
        foresight.requireNothingSeen();
        boolean kills = random.nextBoolean();
        CrashMode mode = kills ? CrashMode.PROCESS : CrashMode.POWER;
        open = new ArrayList<>();
        directs.forget();
        if (mode == CrashMode.POWER && !model.hasPowerFailed()) {
            // What a recovery would have found may be gone now.
            expected = NOT_COMPARED;
        }
        disk = disk.crash(mode);
        model.crashed(mode);
        injured = false;
        counts.add(kills ? kill : powerLoss, 1);
        note(kills ? "killed: must survive" : "no power: must survive", model.mustSurvive());
    }

    private void requireNoStrayStore() {
        String stray = disk.strayStore();
        OpenLog.require(stray.isEmpty(), "L5", stray);
    }

    /** L3: recovers on copies for comparison, and up to three times crashes inside recovery. */
    private void recoverUnderCrashes() throws IOException {
        long calls = Injuries.MAX_CALLS_TO_CRASH / 2;
        boolean compares = random.nextInt(8) == 0;
        int depth = compares || random.nextInt(3) == 0 ? random.nextInt(MAX_DEPTH + 1) : 0;
        counts.add(Count.DEEPEST, depth == MAX_DEPTH ? 1 : 0);
        for (int crash = 0; crash <= depth; crash++) {
            if (compares && (expected == NOT_COMPARED || !model.hasPowerFailed())) {
                Recoveries.Recovered recovered = compare();
                expected = recovered.batches();
                calls = recovered.calls();
            }
            if (crash < depth) {
                crashInRecovery(random.nextLong(calls + 1));
            }
        }
    }

    /** L4: for good, and the log lives on, as long as there is no deleted record of which they alone know. */
    private void loseCheckpoints() throws IOException {
        if (model.startCeiling() == 0 && random.nextInt(model.compacts() ? 4 : 12) == 0) {
            model.loseSums();
            journal.note("lost: " + damage.loseCheckpoints(disk, DIRECTORY));
            counts.add(Count.CHECKPOINTS_LOST, 1);
        }
    }

    private Recoveries.Recovered compare() throws IOException {
        counts.add(Count.COMPARED, 1);
        try {
            counts.add(Count.CORRUPTIONS, 1);
            return Recoveries.compare(disk, DIRECTORY, model, damage);
        } catch (CorruptLogException e) {
            throw new ViolationException("L2", "refused after a crash: " + e.getMessage());
        }
    }

    private void crashInRecovery(long call) throws IOException {
        journal.note("recovery crashes in call", call);
        disk.crashAtCall(call);
        try {
            OpenLog.recover(disk, DIRECTORY, new ModelFold(model));
        } catch (CorruptLogException e) {
            throw new ViolationException("L2", "refused after a crash: " + e.getMessage());
        } catch (CrashedException e) {
            journal.note(e.getMessage());
        }
        crash(Count.CRASHED_RECOVERIES, Count.CRASHED_RECOVERIES);
    }
}
