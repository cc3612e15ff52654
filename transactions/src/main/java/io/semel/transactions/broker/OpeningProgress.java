package io.semel.transactions.broker;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.RecoveryProgress;

/** Says how far the opening of a directory is, when it takes long. Thread rule: any thread. */
final class OpeningProgress implements RecoveryProgress {
    private static final Logger LOGGER = LoggerFactory.getLogger(OpeningProgress.class);

    /** Often enough that nobody thinks it stands still. */
    static final long REPORT_EVERY_MS = 5_000;

    private final Path directory;
    private final EpochClock clock;
    private final int partitionCount;
    private final AtomicInteger openedCount = new AtomicInteger();
    private final AtomicLong readBytes = new AtomicLong();
    private final AtomicLong reportedMs;
    private final AtomicInteger reports = new AtomicInteger();

    OpeningProgress(Path directory, EpochClock clock, int partitionCount) {
        this.directory = directory;
        this.clock = clock;
        this.partitionCount = partitionCount;
        this.reportedMs = new AtomicLong(clock.time());
    }

    @Override
    public void read(long bytes) {
        readBytes.addAndGet(bytes);
        reportWhenDue();
    }

    void opened() {
        openedCount.incrementAndGet();
        reportWhenDue();
    }

    private void reportWhenDue() {
        long nowMs = clock.time();
        long before = reportedMs.get();
        if (nowMs - before >= REPORT_EVERY_MS && reportedMs.compareAndSet(before, nowMs)) {
            reports.incrementAndGet();
            LOGGER.info("opening {}: {} of {} partitions open, {} MiB read", directory, openedCount.get(),
                    partitionCount, readBytes.get() >> 20);
        }
    }

    /** Reports so far. */
    int reports() {
        return reports.get();
    }
}
