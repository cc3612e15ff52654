package io.semel.verify.realdisk;

import java.io.IOException;
import java.util.SplittableRandom;

import io.semel.verify.realdisk.DiskCounts.Count;
import io.semel.verify.realdisk.worker.WorkerOptions.Work;

/**
 * One disk: filled, and filled again whenever ballast made room, by workers that go on, are killed or close while it is
 * full, and that open on a full disk; then checked where there is room (L1, L5).
 *
 * <p>Thread rule: one thread.
 */
final class FillScenario {
    static final int MAX_ROUNDS = 3;

    private static final long FULL_TIMEOUT_MS = 90_000;
    private static final long ROOM_TIMEOUT_MS = 60_000;
    private static final int MAX_PAUSE_MS = 60;
    private static final int MAX_STARTUP_MS = 500;

    private final SmallDisk disk;
    private final Site site;
    private final SplittableRandom random;
    private final DiskCounts counts;
    /** Null between two workers. */
    private WorkerLife life;

    FillScenario(SmallDisk disk, Site site, SplittableRandom random, DiskCounts counts) {
        this.disk = disk;
        this.site = site;
        this.random = random;
        this.counts = counts;
    }

    void run() throws IOException, InterruptedException {
        begin();
        for (int left = disk.ballastLeft(); left > 0; left--) {
            life.awaitFull(FULL_TIMEOUT_MS);
            counts.add(Count.TIMES_FULL, 1);
            stayOrEnd(left == 1);
            if (left > 1) {
                goOn();
            } else {
                disk.dropBallast();
            }
        }
        KillScenario.checkAndClose(site, Work.NONE, counts, KillScenario.CheckedAs.FINAL);
    }

    private void begin() throws IOException, InterruptedException {
        life = site.begin(Work.FILL);
        KillScenario.requireReady(life);
        counts.add(Count.LIVES, 1);
    }

    private void stayOrEnd(boolean last) throws IOException, InterruptedException {
        int drawn = random.nextInt(3);
        if (drawn == 0 && !last) {
            return;
        }
        if (drawn == 1) {
            closeOnFullDisk();
        } else {
            life.leaveAlone(random.nextInt(MAX_PAUSE_MS));
            life.kill();
            counts.add(Count.KILLS_WHEN_FULL, 1);
        }
        life = null;
        while (random.nextBoolean()) {
            reopenOnFullDisk();
        }
    }

    private void closeOnFullDisk() throws IOException, InterruptedException {
        site.askToStop();
        counts.add(Count.UNCLOSED, life.awaitEnd(FULL_TIMEOUT_MS));
        counts.add(Count.CLOSED_FULL, 1);
    }

    /** It works or is refused; and may be killed at any moment of it. */
    private void reopenOnFullDisk() throws IOException, InterruptedException {
        life = site.begin(Work.FILL);
        boolean early = random.nextInt(3) == 0;
        if (early) {
            life.leaveAlone(random.nextInt(MAX_STARTUP_MS));
        } else {
            counts.add(Count.REOPENED_FULL, 1);
            if (!life.awaitReadyOrRefused(KillScenario.READY_TIMEOUT_MS)) {
                counts.add(Count.REFUSED, 1);
                life.awaitEnd(KillScenario.READY_TIMEOUT_MS);
                life = null;
                return;
            }
            counts.add(Count.LIVES, 1);
            life.leaveAlone(random.nextInt(MAX_PAUSE_MS));
        }
        life.kill();
        counts.add(Count.KILLS_WHEN_FULL, 1);
        life = null;
    }

    /** A neighbour that is faster could fill the disk again before a partition has looked: so they take turns. */
    private void goOn() throws IOException, InterruptedException {
        site.askForTurns();
        long[] before;
        if (life == null) {
            disk.dropBallast();
            begin();
            before = life.awaitTurns(ROOM_TIMEOUT_MS);
        } else {
            before = life.awaitTurns(ROOM_TIMEOUT_MS);
            disk.dropBallast();
        }
        counts.add(Count.OFFLINE, life.awaitAppends(before, ROOM_TIMEOUT_MS));
        counts.add(Count.WENT_ON, 1);
        site.endTurns();
        // This one may be of a look that began before there was room.
        life.awaitFull(FULL_TIMEOUT_MS);
    }
}
