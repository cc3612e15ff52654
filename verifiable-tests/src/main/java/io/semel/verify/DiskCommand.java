package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.semel.server.ScratchDirectory;
import io.semel.server.StatusLine;
import io.semel.server.Table;
import io.semel.server.UsageException;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.realdisk.DiskCounts;
import io.semel.verify.realdisk.DiskCounts.Count;
import io.semel.verify.realdisk.DiskPlan;
import io.semel.verify.realdisk.DiskResult;
import io.semel.verify.realdisk.DiskRun;
import io.semel.verify.realdisk.FileSystem;
import io.semel.verify.realdisk.worker.Weakness;
import io.semel.verify.scenarios.Seeds;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import static io.semel.verify.longrun.Count.FAILING_DISKS;
import static io.semel.verify.longrun.Count.FULL_DISKS;
import static io.semel.verify.longrun.Count.KILLS;

@Command(name = "disk", sortOptions = false, header = "Fills real disks and kills real processes under the log engine, and reads every record again.", description = {
    "",
    "A worker JVM appends to four logs, two at each durability, in batches and in place, with several authors each and "
            + "readers beside them, until the small file system under it is full. It must go on reading, refuse appends "
            + "cleanly, and append again once ballast is thrown out. It is killed or closed while the disk is full, and "
            + "opened on the full disk.",
    "Other workers die of kill -9 on a disk with room: at work, while they recover, while they check.",
    "Other disks promise more than their medium has: write-back fails, and with it forces. Nothing that waits for one may "
            + "be acknowledged or shown; then a copy, and the repaired disk, are opened.",
    "Every worker first reads all that is there: each acknowledged record at its offset, byte by byte, none twice, none "
            + "torn, no offset missing, nothing changed since the last look. A JVM that crashes is damage.",
    "",
    "Filling disks needs Linux and root, because it mounts: a tmpfs, and ext4 (blocks of 4 KiB and of 1 KiB) in a file "
            + "behind a loop device. All is unmounted at the end and on Ctrl-C.",
    ""}, footer = {
        "",
        "Exit codes: 0 nothing found, 1 a promise is broken (its id and the seed are printed), 2 bad usage, or it can't run "
                + "here.",
        "",
        "Examples:",
        "  ./semel verify disk",
        "  ./semel verify disk --kills 2000 --full-disks 100",
        "  ./semel verify disk --kills 0 --full-disks 30 --file-system ext4-1k",
        "  ./semel verify disk --full-disks 0 --failing-disks 0 --kills 50     (needs no root)",
        "  ./semel verify disk --sabotage holes                   (must find damage: exit code 1)"})
final class DiskCommand implements Callable<Integer>, Counting {
    private static final int MAX_SECONDS = 1_000_000;

    @Option(names = "--kills", paramLabel = "N", defaultValue = "12", description = "Workers killed on a disk with room (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(names = "--full-disks", paramLabel = "N", defaultValue = "6", description = "Disks to fill (default: ${DEFAULT-VALUE}).")
    private int fullDisks;

    @Option(names = "--file-system", paramLabel = "KIND", converter = FileSystemConverter.class, description = "tmpfs, ext4 or ext4-1k; may be given more than once (default: all that can be mounted here, in turn).")
    private List<FileSystem> fileSystems = new ArrayList<>();

    @Option(names = "--failing-disks", paramLabel = "N", defaultValue = "2", description = "Disks whose medium gives no more, so that forces fail (default: ${DEFAULT-VALUE}).")
    private int failingDisks;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = ""
            + MAX_SECONDS, description = "Begin nothing new after so long.")
    private int seconds;

    @Option(names = "--seed", paramLabel = "S", description = "What happens, and when (default: drawn, and printed).")
    private Long seed;

    @Option(names = "--sabotage", paramLabel = "WEAKNESS", defaultValue = "none", description = "Break something and see the damage found: none, holes (no blocks are written ahead), early (acknowledged before it is written) (default: ${DEFAULT-VALUE}).")
    private Weakness sabotage;

    @Option(names = "--data", paramLabel = "DIR", description = "Where to work: a place with some 100 MiB of room. What damage left is kept there (default: a temporary directory, removed).")
    private Path data;

    @Spec
    private CommandSpec spec;

    private final Reached reached = new Reached();

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--kills", kills, 0, DiskPlan.MAX_KILLS);
        UsageException.requireInRange("--full-disks", fullDisks, 0, DiskPlan.MAX_FULL_DISKS);
        UsageException.requireInRange("--failing-disks", failingDisks, 0, DiskPlan.MAX_FULL_DISKS);
        UsageException.requireInRange("--seconds", seconds, 1, MAX_SECONDS);
        long chosen = Seeds.orDrawn(seed);
        PrintWriter out = spec.commandLine().getOut();
        try (ScratchDirectory scratch = ScratchDirectory.open(data, "semel-disk")) {
            if (fullDisks + failingDisks > 0) {
                // Who mounts nothing needs no root, and has nothing to do with what others left.
                DiskRun.unmountLeftovers().forEach(out::println);
            }
            List<FileSystem> kinds = fullDisks == 0 ? List.of() : mountable(scratch.path(), out);
            if (failingDisks > 0) {
                requireFailing(scratch.path());
            }
            DiskPlan plan = new DiskPlan(scratch.path(), kills, fullDisks, kinds, failingDisks, chosen, System
                    .nanoTime()
                    + TimeUnit.SECONDS.toNanos(seconds), sabotage);
            out.printf(Locale.ROOT,
                    "disk: %,d kills, %,d full disks%s, %,d failing disks, seed %d, sabotage %s, in %s%n",
                    kills, fullDisks,
                    kinds.stream().map(FileSystem::label).collect(Collectors.joining(", ", " (", ")")), failingDisks,
                    chosen, name(sabotage), scratch.path());
            out.flush();
            StatusLine line = StatusLine.on(out);
            DiskResult result = new DiskRun(plan, counts -> {
                reached.set(KILLS, counts.of(Count.KILLS));
                reached.set(FULL_DISKS, counts.of(Count.DISKS));
                reached.set(FAILING_DISKS, counts.of(Count.FAILED_DISKS));
                line.update(progress(counts));
            }).run();
            line.finish();
            print(out, plan, result);
            return result.isClean() ? 0 : 1;
        }
    }

    /** What was asked for, or all that can be had; what can't is said. */
    private List<FileSystem> mountable(Path scratch, PrintWriter out) throws IOException, InterruptedException {
        Map<FileSystem, String> objections = DiskRun.objections(scratch);
        Set<FileSystem> wanted = fileSystems.isEmpty() ? EnumSet.allOf(FileSystem.class) : EnumSet.copyOf(fileSystems);
        Set<FileSystem> mountable = EnumSet.copyOf(wanted);
        mountable.removeAll(objections.keySet());
        if (mountable.isEmpty() || !fileSystems.isEmpty() && mountable.size() < wanted.size()) {
            FileSystem first = wanted.stream().filter(objections::containsKey).findFirst().orElseThrow();
            throw new UsageException("a disk to fill can't be mounted in " + scratch + ": " + first.label() + ": "
                    + objections.get(first)
                    + "; this needs Linux and root (in a container CAP_SYS_ADMIN, for ext4 also "
                    + "mkfs.ext4 and /dev/loop-control). Run it as root, or leave the disks away with --full-disks 0");
        }
        wanted.removeAll(mountable);
        wanted.forEach(kind -> out.println("left out: " + kind.label() + ": " + objections.get(kind)));
        return List.copyOf(mountable);
    }

    private static void requireFailing(Path scratch) throws IOException {
        Map<FileSystem, String> objections = DiskRun.objections(scratch);
        for (FileSystem needed : List.of(FileSystem.TMPFS, FileSystem.EXT4)) {
            if (objections.containsKey(needed)) {
                throw new UsageException("a disk to fail can't be mounted in " + scratch + ": " + needed.label() + ": "
                        + objections.get(needed)
                        + "; it is an ext4 on a tmpfs and needs root. Run it as root, or leave it"
                        + " away with --failing-disks 0");
            }
        }
    }

    private String progress(DiskCounts counts) {
        return "disks %,d/%,d  kills %,d/%,d  times full %,d  records acknowledged %,d".formatted(counts.of(
                Count.DISKS),
                fullDisks, counts.of(Count.KILLS), kills, counts.of(Count.TIMES_FULL), counts.of(Count.ACKNOWLEDGED));
    }

    private void print(PrintWriter out, DiskPlan plan, DiskResult result) {
        Table table = new Table();
        for (Count count : Count.values()) {
            table.row(count.words(), result.counts().of(count));
            if (count == Count.DISKS) {
                plan.fileSystems().forEach(kind -> table.row("  " + kind.label(), result.counts().filled(kind)));
            }
        }
        table.row("hs_err files", result.errorFiles()).row("seconds", result.elapsedMs() / 1000);
        out.println();
        table.print(out);
        if (result.isClean()) {
            out.println("Every acknowledged record was read again, none lost, none twice, none changed.");
        } else {
            out.printf(Locale.ROOT, "BROKEN %s%nRun it again: ./semel verify disk --kills %d --full-disks %d "
                    + "--failing-disks %d --seed %d --sabotage %s%s%n", result.failure(), kills, fullDisks,
                    failingDisks,
                    plan.seed(), name(sabotage), fileSystems
                            .stream().map(kind -> " --file-system " + kind.label()).collect(Collectors.joining()));
        }
        out.flush();
    }

    private static String name(Weakness weakness) {
        return weakness.name().toLowerCase(Locale.ROOT);
    }
}
