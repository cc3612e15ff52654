package io.semel.verify.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.semel.log.Durability;
import io.semel.log.LogConfig;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

/**
 * What a log must hold: the list of batches that were claimed, and how far each promise reaches.
 *
 * <p>Invariants, counting batches: {@code onMedium <= folded <= claimed}, {@code mustSurvive <= folded}.
 *
 * <p>Thread rule: one thread.
 */
final class LogModel {
    /** Later than the time stamps of all batches: those count from 1. */
    private static final long FIRST_MS = 1_000_000;

    /** A batch with the offset and the epoch that the log gave it. */
    static final class Batch {
        final long baseOffset;
        final long endOffset;
        private final long claimedMs;
        private ByteBuffer bytes;
        private boolean isPublished;

        private Batch(long baseOffset, long endOffset, long claimedMs, ByteBuffer bytes) {
            this.baseOffset = baseOffset;
            this.endOffset = endOffset;
            this.claimedMs = claimedMs;
            this.bytes = bytes;
        }

        ByteBuffer bytes() {
            return bytes;
        }
    }

    private record SummedUp(int count, long hash) {
    }

    private final List<Batch> claimed = new ArrayList<>();
    /** Hash of the fold after so many batches, as whoever folded them first saw them. */
    private final List<Long> hashes = new ArrayList<>(List.of(0L));
    /** States that a fold had which was fed what compaction had left, and which it wrote down. */
    private final Set<SummedUp> partial = new HashSet<>();
    /** Whether the log's fold can be written down. */
    private final boolean summed;
    /** A checkpoint was taken from the log, so that its fold may have to be fed what compaction left. */
    private boolean hasLostSums;
    private LogConfig config;
    /** Where the log begins, and how far a start reaches that was being moved when the disk failed or died. */
    private long startOffset;
    private long startCeiling;
    /** Batches below the frontier: at PROCESS readable and acknowledged. */
    private int folded;
    /** Batches of which the log says that they are on the medium: at POWER readable and acknowledged. */
    private int onMedium;
    /** Batches that the crashes since the log was open last leave. */
    private int mustSurvive;
    private int leaderEpoch = -1;
    /** Since the log was open last the power failed, so whatever is found is on the medium. */
    private boolean powerFailed;
    private final ModelGuide guide = new ModelGuide(this);
    /** Nothing was compacted from this offset on. */
    private long compactionCeiling;
    private long nowMs = FIRST_MS;

    private LogModel(LogConfig config, boolean summed) {
        this.config = config;
        this.summed = summed;
    }

    /** Of a log that is fed whole at every opening, so it may never lose its head. */
    static LogModel fedWhole(LogConfig config) {
        return new LogModel(config, false);
    }

    /** Of a log that is opened from checkpoints. */
    static LogModel summedUp(LogConfig config) {
        return new LogModel(config, true);
    }

    boolean compacts() {
        return config.compaction().policy().compacts();
    }

    ModelGuide guide() {
        return guide;
    }

    long nowMs() {
        return nowMs;
    }

    void pass(long durationMs) {
        nowMs += durationMs;
    }

    /** Compaction is about to look at the log: at what every transaction is decided in, at most. */
    void mayCompact() {
        guide.look();
        compactionCeiling = Math.max(compactionCeiling, guide.stableOffset());
    }

    long compactionCeiling() {
        return compactionCeiling;
    }

    /** Whether tombstones of this batch may be gone: since it was written time enough has passed. */
    boolean mayBeExpired(Batch batch) {
        return batch.endOffset <= compactionCeiling && nowMs >= batch.claimedMs + config.compaction()
                .deleteRetentionMs();
    }

    ModelTransactions transactions() {
        return ModelTransactions.of(this, folded);
    }

    /** The batch that holds an offset below the end. */
    int indexHolding(long offset) {
        int low = 0;
        int high = claimed.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (claimed.get(middle).endOffset > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * What a batch has that it should not have; empty when it is as claimed, or may be what compaction left of it: the
     * offsets then are those that were claimed. Records are not looked at.
     */
    String difference(RecordBatchView batch, int index) {
        String difference = ModelFold.difference(claimed.get(index), batch, index);
        boolean mayDiffer = compacts() && batch.nextOffset() <= compactionCeiling;
        if (difference.isEmpty() || !mayDiffer) {
            return difference;
        }
        Batch expected = claimed.get(index);
        boolean sameProducer = batch.producerId() == RecordBatchLayout.producerId(expected.bytes, 0)
                || batch.recordCount() == 0;
        boolean fits = batch.baseOffset() == expected.baseOffset && batch.nextOffset() == expected.endOffset
                && batch.leaderEpoch() == RecordBatchLayout.leaderEpoch(expected.bytes, 0) && sameProducer
                && batch.isCrcValid();
        return fits ? "" : "compacted: " + difference;
    }

    boolean isSummed() {
        return summed;
    }

    void loseSums() {
        hasLostSums = true;
    }

    /** Whether the fold may be fed what compaction left: else that is only below what both checkpoints sum up. */
    boolean mayFeedWhatIsLeft() {
        return !summed || hasLostSums;
    }

    /** The next openings have segments of this size. */
    void resize(int segmentBytes) {
        config = new LogConfig(segmentBytes, config.maxBatchBytes(), config.indexIntervalBytes(), config.durability(),
                config.retention(), config.compaction());
    }

    LogConfig config() {
        return config;
    }

    int claimedCount() {
        return claimed.size();
    }

    Batch batch(int index) {
        return claimed.get(index);
    }

    int foldedCount() {
        return folded;
    }

    /** Batches that readers may see and whose append is acknowledged. */
    int shownCount() {
        return config.durability() == Durability.PROCESS ? folded : onMedium;
    }

    int onMediumCount() {
        return onMedium;
    }

    int mustSurvive() {
        return mustSurvive;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    boolean hasPowerFailed() {
        return powerFailed;
    }

    long endOf(int count) {
        return count == 0 ? 0 : claimed.get(count - 1).endOffset;
    }

    long startOffset() {
        return startOffset;
    }

    long startCeiling() {
        return startCeiling;
    }

    /** The start is about to move, to this offset at most. */
    void mayStartAt(long offset) {
        startCeiling = Math.max(startCeiling, offset);
    }

    /** The start was found or put here, and a restart finds it no further than at the ceiling. */
    void startsAt(long offset, long ceiling) {
        startOffset = offset;
        startCeiling = ceiling;
    }

    /** The start was seen here; whether the medium has another one nobody knows. */
    void showsStart(long offset) {
        startOffset = offset;
    }

    /** Bytes of the folded batches that end past {@code offset}. */
    long bytesFrom(long offset) {
        long bytes = 0;
        for (int index = folded - 1; index >= 0 && claimed.get(index).endOffset > offset; index--) {
            bytes += claimed.get(index).bytes.capacity();
        }
        return bytes;
    }

    Batch claim(long baseOffset, long endOffset, ByteBuffer bytes) {
        RecordBatchLayout.stamp(bytes, 0, baseOffset, leaderEpoch);
        Batch batch = new Batch(baseOffset, endOffset, nowMs, bytes);
        claimed.add(batch);
        return batch;
    }

    /** What was claimed gets another content after all. */
    void replace(Batch batch, ByteBuffer bytes) {
        RecordBatchLayout.stamp(bytes, 0, batch.baseOffset, leaderEpoch);
        batch.bytes = bytes;
    }

    void publish(Batch batch) {
        batch.isPublished = true;
    }

    /** The frontier moves over all that is published. */
    void advance() {
        while (folded < claimed.size() && claimed.get(folded).isPublished) {
            folded++;
        }
        mustSurvive = folded;
    }

    /** The log says that everything below {@code offset} is on the medium. */
    void onMedium(long offset) {
        while (onMedium < folded && claimed.get(onMedium).endOffset <= offset) {
            onMedium++;
        }
    }

    void crashed(CrashMode mode) {
        if (mode == CrashMode.POWER) {
            mustSurvive = onMedium;
            powerFailed = true;
        }
    }

    /** The log is open again and has folded its first {@code count} batches. */
    void recovered(int count, int epoch) {
        claimed.subList(count, claimed.size()).clear();
        if (hashes.size() > count + 1) {
            hashes.subList(count + 1, hashes.size()).clear();
        }
        claimed.forEach(batch -> batch.isPublished = true);
        folded = count;
        mustSurvive = count;
        onMedium = powerFailed ? count : Math.min(onMedium, count);
        powerFailed = false;
        leaderEpoch = epoch;
        compactionCeiling = Math.min(compactionCeiling, endOf(count));
        guide.look();
    }

    /** L4: whether the fold's state was that after {@code count} batches. */
    boolean wasFoldOf(int count, long hash) {
        return count >= 0 && count < hashes.size() && hashes.get(count) == hash;
    }

    /** A fold that had been fed what compaction had left wrote this down. */
    void partiallySummed(int count, long hash) {
        partial.add(new SummedUp(count, hash));
    }

    boolean wasPartiallySummed(int count, long hash) {
        return partial.contains(new SummedUp(count, hash));
    }

    /** L4: whether the fold's state after {@code count} batches is what it was before; remembers it the first time. */
    boolean isFoldOf(int count, long hash) {
        if (count == hashes.size()) {
            hashes.add(hash);
        }
        // Whoever folded these first was fed what compaction had left.
        return count > hashes.size() || hashes.get(count) == hash;
    }
}
