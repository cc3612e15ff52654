package io.semel.verify.realdisk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

import io.semel.verify.realdisk.DiskCounts.Count;
import io.semel.verify.realdisk.worker.BrokenPromiseException;
import io.semel.verify.realdisk.worker.WorkerOptions.Work;

/**
 * One disk whose medium gives no more while a worker appends: forces fail, and what waits for one is never acknowledged
 * nor shown (L5). The worker must go on reading. Then two openings are checked, of a copy made as soon as the worker
 * had ended, and of the repaired disk, mounted anew: all must be there that POWER acknowledged or showed (L1, L2).
 *
 * <p>PROCESS relies on the page cache, and a kernel that can't write pages gives them up (ext4 reads them as zeros): of
 * it a CRC-clean prefix must be left.
 *
 * <p>Thread rule: one thread.
 */
final class FailScenario {
    private static final long FAILED_TIMEOUT_MS = 90_000;
    private static final int MAX_PAUSE_MS = 200;

    private final OverbookedDisk disk;
    private final Path directory;
    private final Site site;
    private final SplittableRandom random;
    private final DiskCounts counts;

    /** @param directory on a disk with room */
    FailScenario(OverbookedDisk disk, Path directory, Site site, SplittableRandom random, DiskCounts counts) {
        this.disk = disk;
        this.directory = directory;
        this.site = site;
        this.random = random;
        this.counts = counts;
    }

    /** @param repairedBytes what the medium has once it is repaired */
    void run(long repairedBytes) throws IOException, InterruptedException {
        WorkerLife life = site.begin(Work.FAIL);
        KillScenario.requireReady(life);
        counts.add(Count.LIVES, 1);
        life.awaitFull(FAILED_TIMEOUT_MS);
        // Whatever was under way is over: what is acknowledged or shown from now on is so after the failure.
        life.leaveAlone(random.nextInt(MAX_PAUSE_MS));
        life.awaitFull(FAILED_TIMEOUT_MS);
        int offline = life.offline();
        if (offline == 0) {
            throw new BrokenPromiseException("L5: the medium gives no more, and no partition is offline");
        }
        counts.add(Count.OFFLINE, offline);
        if (random.nextBoolean()) {
            site.askToStop();
            life.awaitEnd(FAILED_TIMEOUT_MS);
        } else {
            life.kill();
        }
        checkCopy();
        disk.repair(repairedBytes);
        KillScenario.checkAndClose(site, Work.REMOUNTED, counts, KillScenario.CheckedAs.CLOSED);
        counts.add(Count.REMOUNTED, 1);
        // And it goes on.
        life = site.begin(Work.FILL);
        KillScenario.requireReady(life);
        life.awaitAppends(FAILED_TIMEOUT_MS);
        life.kill();
        KillScenario.checkAndClose(site, Work.REMOUNTED, counts, KillScenario.CheckedAs.FINAL);
    }

    /** Beside the original: what the copy shows beyond what was durable, the original may lose. */
    private void checkCopy() throws IOException, InterruptedException {
        Path copies = Files.createDirectory(directory.resolve("copies"));
        SystemCommand.run(List.of("cp", "-a", "--sparse=always", site.data().toString(), site.witness().toString(),
                copies
                        .toString()));
        Site copy = site.movedTo(copies.resolve(site.data().getFileName()), copies.resolve(site.witness()
                .getFileName()));
        KillScenario.checkAndClose(copy, Work.REMOUNTED, counts, KillScenario.CheckedAs.CLOSED);
    }
}
