package io.semel.verify.realdisk.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.memory.Disk;
import io.semel.log.memory.FileDisk;
import io.semel.server.child.ChildJvm;
import io.semel.server.child.ReportLine;

/**
 * The process that is killed, or whose disk is full: opens logs, checks all that is in them, then appends with several
 * authors to each while the engine's background work and readers run beside, until it is told to stop.
 *
 * <p>Thread rule: one thread per author and reader, three for the engine; the main thread checks and reports.
 */
public final class EngineWorker {
    /** The disk had no room to open the logs: neither good nor bad. */
    public static final int REFUSED = 3;

    private static final int BROKEN = 1;
    private static final int MAX_AUTHORS = 3;
    private static final long REPORT_INTERVAL_MS = 10;
    /** A look at a full disk reads all there is. */
    private static final long FULL_INTERVAL_MS = 60;
    private static final long IDLE_NS = 300_000;
    private static final long CLEANING_PAUSE_NS = 3_000_000;
    private static final long PACE_NS = 400_000;

    private final WorkerOptions options;
    private final SplittableRandom random;
    private final List<OpenPartition> partitions = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    /** What each partition had taken when they began to take turns; empty while they don't. */
    private volatile long[] turns = {};
    private volatile boolean stopping;

    /**
     * What a worker reports.
     *
     * <pre>
     *   READY     records found, records acknowledged before: all are good
     *   REFUSED   why the logs can't be opened on a full disk
     *   PROGRESS  appends taken by each partition, or -1 of one that is offline
     *   FULL      records found when every partition was refused blocks: all are good
     *   TURNS     appends taken by each partition when they began to take turns
     *   UNCLOSED  why a log could not be closed on a full disk
     *   BROKEN    a promise, with its id
     *   DONE
     * </pre>
     */
    public enum Kind {
        READY, REFUSED, PROGRESS, FULL, TURNS, UNCLOSED, BROKEN, DONE
    }

    /** What runs until the worker stops. */
    private interface Step {
        /** False when there is nothing to do just now. */
        boolean run() throws IOException;
    }

    private EngineWorker(WorkerOptions options) {
        this.options = options;
        this.random = new SplittableRandom(options.setup() * 31 + options.life());
    }

    public static void main(String[] arguments) {
        ChildJvm.dieWithParent();
        try {
            new EngineWorker(WorkerOptions.of(arguments)).run();
        } catch (Throwable e) {
            breakDown(e);
        }
    }

    private static void breakDown(Throwable broken) {
        if (broken instanceof BrokenPromiseException) {
            ReportLine.of(Kind.BROKEN, broken.getMessage()).say();
        } else {
            StackTraceElement[] where = broken.getStackTrace();
            ReportLine.of(Kind.BROKEN, "L5: " + broken + (where.length == 0 ? "" : " at " + where[0])).say();
        }
        Runtime.getRuntime().halt(BROKEN);
    }

    private void run() throws IOException, InterruptedException {
        if (!open()) {
            System.exit(REFUSED);
        }
        long records = 0;
        long acknowledged = 0;
        for (OpenPartition partition : partitions) {
            acknowledged += AcknowledgementFile.readAll(options.witness(), partition.number()).stream().mapToLong(
                    Acknowledged::count).sum();
            HistoryCheck check = partition.check();
            partition.requireFolded(check);
            records += check.records();
        }
        ReportLine.of(Kind.READY, records, acknowledged).say();
        if (options.work().appends()) {
            takeTurns();
            startAll();
            reportUntilStopped();
        }
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        close();
        ReportLine.of(Kind.DONE).say();
    }

    /** False when there is no room for it. */
    private boolean open() throws IOException {
        Disk disk = options.weakness() == Weakness.HOLES ? new HollowDisk() : FileDisk.instance();
        for (int number = 0; number < WorkerOptions.PARTITIONS; number++) {
            try {
                partitions.add(OpenPartition.open(disk, options, number));
            } catch (IOException e) {
                requireOfTheDisk(e);
                ReportLine.of(Kind.REFUSED, e.toString()).say();
                return false;
            }
        }
        return true;
    }

    private void requireOfTheDisk(IOException e) throws IOException {
        if (!options.work().mayMeet(String.valueOf(e.getMessage()))) {
            throw e;
        }
    }

    private void startAll() throws IOException {
        for (OpenPartition partition : partitions) {
            int authors = 1 + random.nextInt(MAX_AUTHORS);
            for (int author = 0; author < authors; author++) {
                startAppending(partition, author);
            }
            SplittableRandom drawn = random.split();
            start("reader-" + partition.number(), IDLE_NS, () -> {
                try (Tailing tailing = new Tailing(partition, drawn)) {
                    runUntilStopped(IDLE_NS, () -> tailing.step() > 0);
                }
                return false;
            });
        }
        start("conductor", IDLE_NS, () -> partitions.stream().mapToInt(each -> each.log().doWork()).sum() > 0);
        start("flusher", IDLE_NS, () -> partitions.stream().mapToInt(each -> each.log().flush()).sum() > 0);
        start("cleaner", CLEANING_PAUSE_NS, () -> {
            partitions.forEach(each -> each.log().clean(System.currentTimeMillis(), each.log().readableOffset()));
            return false;
        });
    }

    private void startAppending(OpenPartition partition, int author) throws IOException {
        long pauseNs = options.work() == WorkerOptions.Work.PACED ? PACE_NS : 0;
        Appending appending = Appending.begin(partition, options.witness(), options.life(), author, random.split(),
                options.weakness(), pauseNs);
        start("author-" + partition.number() + "-" + author, 0, () -> {
            while (!stopping && (isOthersTurn(partition) || appending.step())) {
                Thread.onSpinWait();
            }
            appending.end();
            awaitStop();
            return false;
        });
    }

    /** Waits a little when it is. */
    private boolean isOthersTurn(OpenPartition partition) {
        long[] begun = turns;
        if (begun.length == 0 || partition.progress() <= begun[partition.number()]) {
            return false;
        }
        LockSupport.parkNanos(IDLE_NS);
        return true;
    }

    /** One look at whether they are to take turns now. */
    private void takeTurns() {
        boolean asked = Files.exists(options.witness().resolve(WorkerOptions.TURNS_FILE));
        if (asked && turns.length == 0) {
            turns = progress();
            ReportLine.of(Kind.TURNS, turns).say();
        } else if (!asked) {
            turns = new long[0];
        }
    }

    private long[] progress() {
        return partitions.stream().mapToLong(OpenPartition::progress).toArray();
    }

    private void awaitStop() {
        while (!stopping) {
            LockSupport.parkNanos(CLEANING_PAUSE_NS);
        }
    }

    private void start(String name, long idleNs, Step step) {
        Thread thread = new Thread(() -> {
            try {
                runUntilStopped(idleNs, step);
            } catch (Throwable e) {
                breakDown(e);
            }
        }, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void runUntilStopped(long idleNs, Step step) throws IOException {
        while (!stopping) {
            if (!step.run()) {
                LockSupport.parkNanos(idleNs);
            }
        }
    }

    private void reportUntilStopped() throws IOException, InterruptedException {
        long[] refusals = new long[partitions.size()];
        long nextLookMs = 0;
        while (!Files.exists(options.witness().resolve(WorkerOptions.STOP_FILE))) {
            Thread.sleep(REPORT_INTERVAL_MS);
            takeTurns();
            if (System.currentTimeMillis() >= nextLookMs && isFullSince(refusals)) {
                nextLookMs = System.currentTimeMillis() + FULL_INTERVAL_MS;
                long records = 0;
                for (OpenPartition partition : partitions) {
                    records += partition.check().records();
                }
                ReportLine.of(Kind.FULL, records).say();
                for (int index = 0; index < refusals.length; index++) {
                    refusals[index] = partitions.get(index).refusals();
                }
            }
            ReportLine.of(Kind.PROGRESS, progress()).say();
        }
    }

    /** Whether every partition that is not offline was refused blocks since. */
    private boolean isFullSince(long[] refusals) {
        for (int index = 0; index < refusals.length; index++) {
            OpenPartition partition = partitions.get(index);
            if (!partition.isOffline() && partition.refusals() == refusals[index]) {
                return false;
            }
        }
        return true;
    }

    private void close() {
        for (OpenPartition partition : partitions) {
            try {
                partition.log().close();
            } catch (IOException e) {
                try {
                    requireOfTheDisk(e);
                } catch (IOException other) {
                    throw new BrokenPromiseException("L5: closing failed: " + other);
                }
                ReportLine.of(Kind.UNCLOSED, e.toString()).say();
            }
        }
        for (OpenPartition partition : partitions) {
            BrokenPromiseException.require(partition.log().failure() != null || isClosed(partition), "L5",
                    "a closed log takes appends: " + partition.log());
        }
    }

    private static boolean isClosed(OpenPartition partition) {
        return partition.log().tryClaim(new Claim(), 1, RecordBatchLayout.MIN_BATCH_LENGTH) == Append.CLOSED;
    }
}
