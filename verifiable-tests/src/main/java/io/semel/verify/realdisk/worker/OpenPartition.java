package io.semel.verify.realdisk.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

import io.semel.log.Durability;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.LogReader;
import io.semel.log.RetentionConfig;
import io.semel.log.memory.Disk;

import static io.semel.verify.realdisk.worker.BrokenPromiseException.require;

/** A log on the disk under test, and what was answered by it. Thread rule: any thread, but for {@link #check}. */
final class OpenPartition {
    static final long OFFLINE = -1;

    /** Kept small, so that a disk of a few MiB holds many segments. */
    private static final int[] SEGMENT_BYTES = {64 << 10, 100_000, 256 << 10, 1 << 20};
    private static final int[] INDEX_INTERVAL_BYTES = {1, 300, 4096};
    private static final int MAX_BATCH_BYTES = 60 << 10;
    private static final int SEGMENTS_RETAINED = 4;
    private static final int ONE_IN_RETAINS = 3;

    private final int number;
    private final Path witness;
    private final Log log;
    private final CountedFold fold;
    /** The page cache may be gone, on which PROCESS relied. */
    private final boolean mayHaveLost;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    private OpenPartition(int number, WorkerOptions options, Log log, CountedFold fold) {
        this.number = number;
        this.witness = options.witness();
        this.mayHaveLost = options.work() == WorkerOptions.Work.REMOUNTED
                && log.config().durability() == Durability.PROCESS;
        this.log = log;
        this.fold = fold;
    }

    static OpenPartition open(Disk disk, WorkerOptions options, int number) throws IOException {
        CountedFold fold = new CountedFold();
        Log log = Log.open(disk, options.data().resolve("partition-" + number), config(options.setup(), number), fold);
        return new OpenPartition(number, options, log, fold);
    }

    private static LogConfig config(long setup, int number) {
        SplittableRandom random = new SplittableRandom(setup + number);
        int segmentBytes = SEGMENT_BYTES[random.nextInt(SEGMENT_BYTES.length)];
        LogConfig config = new LogConfig(segmentBytes, MAX_BATCH_BYTES,
                INDEX_INTERVAL_BYTES[random.nextInt(INDEX_INTERVAL_BYTES.length)])
                .withDurability(number % 2 == 0 ? Durability.PROCESS : Durability.POWER);
        return random.nextInt(ONE_IN_RETAINS) > 0 ? config.withRetention(RetentionConfig.FOR_EVER)
                : config.withRetention(RetentionConfig.FOR_EVER.withRetentionBytes((long) segmentBytes
                        * SEGMENTS_RETAINED));
    }

    int number() {
        return number;
    }

    Log log() {
        return log;
    }

    void accepted() {
        accepted.incrementAndGet();
    }

    void refused() {
        refused.incrementAndGet();
    }

    long refusals() {
        return refused.get();
    }

    /** Appends that were taken, or {@link #OFFLINE}. */
    long progress() {
        return isOffline() ? OFFLINE : accepted.get();
    }

    /** L5: nothing but a failed force may take a log offline. */
    boolean isOffline() {
        Throwable failure = log.failure();
        require(failure == null || String.valueOf(failure.getMessage()).startsWith("force failed"), "L5",
                "partition " + number + " is offline because of " + failure);
        return failure != null;
    }

    /** Reads all that is readable and holds it against all that anybody was told or shown; returns what was found. */
    HistoryCheck check() throws IOException {
        List<Acknowledged> acknowledged = AcknowledgementFile.readAll(witness, number);
        Shown before = Shown.read(witness, number);
        HistoryCheck check = readAll();
        if (mayHaveLost) {
            AcknowledgementFile.forgetAll(witness, number);
        } else {
            check.requireAll(acknowledged, before);
        }
        check.shown().write(witness, number);
        return check;
    }

    private HistoryCheck readAll() {
        HistoryCheck check = new HistoryCheck(number, log.startOffset());
        while (!isRead(check)) {
            check = new HistoryCheck(number, log.startOffset());
        }
        return check;
    }

    /** False when retention was faster and took what was to be read next: nothing is wrong with that. */
    private boolean isRead(HistoryCheck check) {
        try (LogReader reader = log.openReader()) {
            reader.seek(check.endOffset());
            long bound = log.readablePosition();
            while (reader.next(bound)) {
                if (reader.batch().baseOffset() > check.endOffset() && log.startOffset() > check.endOffset()) {
                    return false;
                }
                check.take(reader.batch());
            }
            return true;
        }
    }

    /**
     * L4: what the log was folded into when it was opened is what stands in it. Nothing may have been appended since.
     */
    void requireFolded(HistoryCheck check) {
        boolean asFolded = fold.endOffset() < 0 ? check.endOffset() == log.startOffset()
                : fold.endOffset() == check.endOffset() && (log.startOffset() > 0 || fold.hash() == check.hash());
        require(asFolded && log.readableOffset() == check.endOffset(), "L4", "partition " + number
                + " was folded up to "
                + fold.endOffset() + ", hash " + fold.hash() + "; read were " + check.endOffset() + ", hash " + check
                        .hash()
                + ": " + log);
    }
}
