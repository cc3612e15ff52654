package io.semel.verify.realdisk;

import java.io.IOException;
import java.util.SplittableRandom;

import io.semel.verify.realdisk.DiskCounts.Count;
import io.semel.verify.realdisk.worker.BrokenPromiseException;
import io.semel.verify.realdisk.worker.WorkerOptions.Work;

/**
 * Workers that are killed one after the other, at work, while they recover or while they check, on a disk with room
 * (L1); the last two check alone and close.
 *
 * <p>Thread rule: one thread.
 */
final class KillScenario {
    /** Every worker reads all that the ones before it wrote: with more of them that takes longer than the rest. */
    static final int MAX_KILLS = 12;

    /** A hundred thousand records take a second to open and read, and much longer where many share the machine. */
    static final long READY_TIMEOUT_MS = 180_000;

    private static final long WARM_UP_TIMEOUT_MS = 30_000;
    private static final int MAX_WORK_MS = 250;
    private static final int PERCENT_EARLY = 25;
    private static final int MAX_STARTUP_MS = 600;

    private final Site site;
    private final SplittableRandom random;
    private final DiskCounts counts;

    KillScenario(Site site, SplittableRandom random, DiskCounts counts) {
        this.site = site;
        this.random = random;
        this.counts = counts;
    }

    void run(int kills) throws IOException, InterruptedException {
        for (int kill = 0; kill < kills; kill++) {
            runAndKill(kill > 0 && random.nextInt(100) < PERCENT_EARLY);
        }
        checkAndClose(site, Work.NONE, counts, CheckedAs.CLOSED);
        checkAndClose(site, Work.NONE, counts, CheckedAs.FINAL);
    }

    private void runAndKill(boolean early) throws IOException, InterruptedException {
        WorkerLife life = site.begin(Work.PACED);
        if (early) {
            life.leaveAlone(random.nextInt(MAX_STARTUP_MS));
        } else {
            requireReady(life);
            life.awaitAppends(WARM_UP_TIMEOUT_MS);
            life.leaveAlone(random.nextInt(MAX_WORK_MS));
        }
        boolean ready = life.kill();
        counts.add(Count.KILLS, 1);
        counts.add(ready ? Count.LIVES : Count.EARLY_KILLS, 1);
    }

    static void requireReady(WorkerLife life) throws IOException, InterruptedException {
        if (!life.awaitReadyOrRefused(READY_TIMEOUT_MS)) {
            throw new BrokenPromiseException("L5: there is room, and the logs can't be opened: " + life.refusal());
        }
    }

    /** What a check that closes is good for. */
    enum CheckedAs {
        /** Another follows. */
        CLOSED,
        /** Its records are those of the scenario. */
        FINAL
    }

    /** A worker that checks and closes where there is room, so all of that must go well. */
    static void checkAndClose(Site site, Work check, DiskCounts counts, CheckedAs as) throws IOException,
            InterruptedException {
        WorkerLife life = site.begin(check);
        requireReady(life);
        long unclosed = life.awaitEnd(READY_TIMEOUT_MS);
        if (unclosed > 0) {
            throw new BrokenPromiseException("L5: there is room, and " + unclosed + " logs can't be closed");
        }
        counts.add(Count.LIVES, 1);
        if (as == CheckedAs.FINAL) {
            counts.add(Count.RECORDS, life.records());
            counts.add(Count.ACKNOWLEDGED, life.acknowledged());
        }
    }
}
