package io.semel.server.inspect;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.semel.log.memory.DirectoryLock;
import io.semel.log.memory.Disk;
import io.semel.log.memory.ReadOnlyDisk;
import io.semel.server.CommandLines;
import io.semel.server.StatusLine;
import io.semel.server.UsageException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code semel verify-log}. */
@Command(name = "verify-log", sortOptions = false, header = "Checks every byte of a directory against what must hold.", description = {
    "",
    "Walks all batches and compares them with each other and with every file beside them: CRCs, offsets, leader epochs, "
            + "indexes, checkpoints, sequences, transactions, decisions, topics. One line per finding, one line per partition. "
            + "Changes nothing, and takes no more memory for a long log than for a short one.",
    ""}, footer = {
        "",
        "Exit codes: 0 clean, 1 findings, 2 bad input or usage.",
        "",
        "Examples:",
        "  ./semel verify-log /tmp/mine",
        "  ./semel verify-log /tmp/mine/orders-0",
        "  ./semel verify-log /tmp/mine --json | jq 'select(.finding)'",
        "  ./semel verify-log /tmp/mine --live        beside the process that has it open"})
public final class VerifyLogCommand implements Callable<Integer> {
    /** Short runs say nothing of how far they are. */
    private static final long PROGRESS_BYTES = 256L << 20;

    @Parameters(paramLabel = "DIR", description = "A data directory, or one partition's in it.")
    private Path directory;

    @Option(names = "--live", description = "Take no lock: what is being written meanwhile may look like damage.")
    private boolean live;

    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private long findingCount;
    private long bytesRead;

    @Override
    public Integer call() throws IOException {
        Path path = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            throw new UsageException("no such directory: " + path);
        }
        Disk disk = new ReadOnlyDisk();
        Optional<Path> owned = lockOf(disk, path);
        if (live) {
            err().println("semel: no lock is taken; what another process writes meanwhile may look like damage");
            return inspect(disk, path);
        }
        if (owned.isEmpty()) {
            return inspect(disk, path);
        }
        DirectoryLock lock = disk.lock(owned.get());
        try {
            return inspect(disk, path);
        } finally {
            lock.close();
        }
    }

    /** Where an owner would hold his lock; nowhere in a copy that nobody ever opened. */
    private static Optional<Path> lockOf(Disk disk, Path path) {
        for (Path each : new Path[] {path, path.getParent()}) {
            if (each != null && DirectoryInspection.isWhole(disk, each)) {
                return Optional.of(each).filter(whole -> disk.exists(whole.resolve(".lock")));
            }
        }
        if (!looksLikePartition(path)) {
            throw new UsageException("neither a data directory nor a partition's: " + path
                    + "; a data directory holds meta.properties, a partition's name ends with its number");
        }
        return Optional.empty();
    }

    private static boolean looksLikePartition(Path path) {
        return path.getFileName() != null && path.getFileName().toString().matches(".+-\\d+");
    }

    private int inspect(Disk disk, Path path) throws IOException {
        StatusLine status = StatusLine.on(err());
        PartitionInspection partitions = new PartitionInspection(disk, this::show, bytes -> {
            bytesRead += bytes;
            if (bytesRead >= PROGRESS_BYTES) {
                status.update("read " + (bytesRead >> 20) + " MiB, findings " + findingCount);
            }
        });
        new DirectoryInspection(disk, this::show, partitions, this::summarize).inspect(path);
        status.finish();
        Fields total = new Fields().with("findings", findingCount);
        out().println(json ? total.json() : findingCount == 0 ? "clean" : total.text());
        out().flush();
        return findingCount == 0 ? CommandLines.GOOD : CommandLines.DAMAGE;
    }

    private void show(Finding finding) {
        findingCount++;
        out().println(json ? finding.fields().json() : finding.line());
    }

    private void summarize(Path partition, Fields summary) {
        String name = partition.getFileName().toString();
        out().println(json ? new Fields().with("partition", name).with("summary", summary).json()
                : name + ": " + summary.text());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
