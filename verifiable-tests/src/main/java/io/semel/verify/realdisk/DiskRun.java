package io.semel.verify.realdisk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import io.semel.log.memory.FileDisk;
import io.semel.verify.realdisk.DiskCounts.Count;
import io.semel.verify.realdisk.worker.BrokenPromiseException;

/**
 * Disks are filled and workers killed, in turn, until there were enough of both or a promise is broken. Whatever ends
 * it, Ctrl-C included, no worker is left running and no disk mounted.
 *
 * <p>Thread rule: one thread.
 */
public final class DiskRun {
    /** Ballast comes on top; a journal and tables of ext4 take some 5 MiB of it. */
    private static final int MIN_DISK_BYTES = 9 << 20;
    private static final int MAX_MORE_BYTES = 8 << 20;

    /** What a file system believes to have whose medium has less: more than a worker writes until that shows. */
    private static final long PROMISED_BYTES = 256 << 20;

    private final DiskPlan plan;
    private final Consumer<DiskCounts> progress;
    private final SplittableRandom random;
    private final DiskCounts counts = new DiskCounts();
    private final Leftovers leftovers = new Leftovers();
    private final Path errors;
    private int scenarios;

    /** @param progress is told the counts after every scenario */
    public DiskRun(DiskPlan plan, Consumer<DiskCounts> progress) {
        this.plan = plan;
        this.progress = progress;
        this.random = new SplittableRandom(plan.seed());
        this.errors = plan.directory().resolve("errors");
    }

    /** Unmounts what runs that were killed left mounted, where it may and can; returns what is to be told of each. */
    public static List<String> unmountLeftovers() throws IOException {
        return MountPoint.unmountLeftovers();
    }

    /** Why the file systems can't be filled here, each that can't. */
    public static Map<FileSystem, String> objections(Path scratch) {
        Map<FileSystem, String> objections = new EnumMap<>(FileSystem.class);
        for (FileSystem kind : FileSystem.values()) {
            String objection = SmallDisk.objectionTo(kind, scratch);
            if (!objection.isEmpty()) {
                objections.put(kind, objection);
            }
        }
        return objections;
    }

    public DiskResult run() throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        Files.createDirectories(errors);
        // For Ctrl-C; closing twice does nothing.
        Runtime.getRuntime().addShutdownHook(new Thread(this::closeQuietly));
        String failure = "";
        try {
            runAll();
        } catch (BrokenPromiseException e) {
            failure = e.getMessage();
        } finally {
            closeQuietly();
        }
        return new DiskResult(counts, WorkerLife.countErrorFiles(errors), failure, (System.nanoTime() - startNs)
                / 1_000_000);
    }

    private void closeQuietly() {
        try {
            leftovers.close();
        } catch (IOException e) {
            System.err.println("semel: " + e.getMessage());
        }
    }

    private void runAll() throws IOException, InterruptedException {
        boolean wanted = true;
        while (wanted && System.nanoTime() - plan.deadlineNs() < 0) {
            long disks = plan.fullDisks() - counts.of(Count.DISKS);
            long kills = plan.kills() - counts.of(Count.KILLS);
            if (disks > 0) {
                fill();
                progress.accept(counts);
            }
            boolean fails = counts.of(Count.FAILED_DISKS) < plan.failingDisks();
            if (fails) {
                fail();
                progress.accept(counts);
            }
            if (kills > 0) {
                kill((int) Math.min(kills, KillScenario.MAX_KILLS));
                progress.accept(counts);
            }
            wanted = disks > 0 || fails || kills > 0;
        }
    }

    private void fill() throws IOException, InterruptedException {
        SplittableRandom drawn = random.split();
        Path directory = next("full-");
        FileSystem kind = plan.fileSystems().get((int) (counts.of(Count.DISKS) % plan.fileSystems().size()));
        int rounds = 1 + drawn.nextInt(FillScenario.MAX_ROUNDS);
        long sizeBytes = MIN_DISK_BYTES + drawn.nextInt(MAX_MORE_BYTES) + (long) rounds * SmallDisk.BALLAST_BYTES;
        SmallDisk disk = leftovers.keep(() -> SmallDisk.mount(kind, MountPoint.in(directory, "disk"), sizeBytes));
        try {
            disk.takeBallast(rounds);
            Site site = Site.of(disk.path().resolve("data"), directory.resolve("witness"), errors, drawn.nextInt(),
                    plan.weakness(), leftovers);
            named(kind.label() + " of " + sizeBytes + " bytes", site, () -> new FillScenario(disk, site, drawn,
                    counts).run());
        } catch (BrokenPromiseException e) {
            // What it left is needed to understand it; the mounted disk goes with the run.
            SystemCommand.run(List.of("cp", "-a", "--sparse=always", disk.path().toString(), directory
                    .resolve("found").toString()));
            throw e;
        }
        disk.close();
        leftovers.forget(disk);
        remove(directory);
        counts.addFilled(kind);
    }

    private void fail() throws IOException, InterruptedException {
        SplittableRandom drawn = random.split();
        Path directory = next("fail-");
        long mediumBytes = MIN_DISK_BYTES + drawn.nextInt(MAX_MORE_BYTES);
        OverbookedDisk disk = leftovers.keep(() -> OverbookedDisk.mount(directory, mediumBytes, PROMISED_BYTES));
        Site site = Site.of(disk.path().resolve("data"), directory.resolve("witness"), errors, drawn.nextInt(), plan
                .weakness(), leftovers);
        named("ext4 on a medium of " + mediumBytes + " bytes", site, () -> new FailScenario(disk, directory, site,
                drawn,
                counts).run(2 * PROMISED_BYTES));
        disk.close();
        leftovers.forget(disk);
        remove(directory);
        counts.add(Count.FAILED_DISKS, 1);
    }

    private void kill(int kills) throws IOException, InterruptedException {
        SplittableRandom drawn = random.split();
        Path directory = next("kills-");
        Site site = Site.of(directory.resolve("data"), directory.resolve("witness"), errors, drawn.nextInt(), plan
                .weakness(), leftovers);
        named("a disk with room", site, () -> new KillScenario(site, drawn, counts).run(kills));
        remove(directory);
    }

    private Path next(String prefix) throws IOException {
        scenarios++;
        return Files.createDirectories(plan.directory().resolve(prefix + scenarios));
    }

    /** Says where a promise was broken. */
    private static void named(String disk, Site site, Scenario scenario) throws IOException, InterruptedException {
        try {
            scenario.run();
        } catch (BrokenPromiseException e) {
            throw new BrokenPromiseException(e.getMessage() + " (" + disk + ", " + site + ")");
        }
    }

    private interface Scenario {
        void run() throws IOException, InterruptedException;
    }

    private static void remove(Path directory) throws IOException {
        FileDisk.instance().delete(directory);
    }
}
