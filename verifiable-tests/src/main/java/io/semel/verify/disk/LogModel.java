package io.semel.verify.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.Durability;
import io.semel.log.LogConfig;
import io.semel.log.batch.RecordBatchLayout;

/**
 * What a log must hold: the list of batches that were claimed, and how far each promise reaches.
 *
 * <p>Invariants, counting batches: {@code onMedium <= folded <= claimed}, {@code mustSurvive <= folded}.
 *
 * <p>Thread rule: one thread.
 */
final class LogModel {
    /** A batch with the offset and the epoch that the log gave it. */
    static final class Batch {
        final long baseOffset;
        final long endOffset;
        final ByteBuffer bytes;
        private boolean isPublished;

        private Batch(long baseOffset, long endOffset, ByteBuffer bytes) {
            this.baseOffset = baseOffset;
            this.endOffset = endOffset;
            this.bytes = bytes;
        }
    }

    private final List<Batch> claimed = new ArrayList<>();
    /** Hash of the fold after so many batches, as whoever folded them first saw them. */
    private final List<Long> hashes = new ArrayList<>(List.of(0L));
    private final LogConfig config;
    /** Batches below the frontier: at PROCESS readable and acknowledged. */
    private int folded;
    /** Batches of which the log says that they are on the medium: at POWER readable and acknowledged. */
    private int onMedium;
    /** Batches that the crashes since the log was open last leave. */
    private int mustSurvive;
    private int leaderEpoch = -1;
    /** Since the log was open last the power failed, so whatever is found is on the medium. */
    private boolean powerFailed;

    LogModel(LogConfig config) {
        this.config = config;
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

    Batch claim(long baseOffset, long endOffset, ByteBuffer bytes) {
        RecordBatchLayout.stamp(bytes, 0, baseOffset, leaderEpoch);
        Batch batch = new Batch(baseOffset, endOffset, bytes);
        claimed.add(batch);
        return batch;
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
    }

    /** L4: whether the fold's state after {@code count} batches is what it was before; remembers it the first time. */
    boolean isFoldOf(int count, long hash) {
        if (count == hashes.size()) {
            hashes.add(hash);
        }
        return hashes.get(count) == hash;
    }
}
