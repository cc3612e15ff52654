package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.agrona.concurrent.SystemEpochClock;

import io.semel.client.runtime.ClientRuntime;
import io.semel.server.child.ChildJvm;
import io.semel.server.child.ReportLine;
import io.semel.transactions.broker.Broker;
import io.semel.verify.VerifiableRecord.Side;
import io.semel.verify.programs.EventOutput;
import io.semel.verify.scenarios.worker.InputEnd;
import io.semel.verify.scenarios.worker.Offsets;

/**
 * The process that is killed: a feeder writes numbered records, members copy them, all in transactions.
 *
 * <p>Thread rule: one thread per member; the main thread reports.
 */
public final class CopyWorker {
    private static final long REPORT_INTERVAL_MS = 20;

    /**
     * Between two of the feeder's transactions: keeps the input of a long run within what recovery reads in a second.
     */
    private static final long FEED_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long IDLE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final WorkerOptions options;
    private final ClientRuntime runtime;
    private final SplittableRandom random;
    private final Tally feederTally = new Tally();
    private final Tally tally = new Tally();
    private final PrintWriter out = new PrintWriter(System.out);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean copied;
    private volatile Throwable failure;

    /**
     * What a worker reports.
     *
     * <pre>
     *   READY     transactions finished, branches aborted, by recovery
     *   PROGRESS  the counts of {@link Tally}
     *   ANOMALY   what the engine answered
     *   DONE
     * </pre>
     */
    enum Kind {
        READY, PROGRESS, ANOMALY, DONE
    }

    private CopyWorker(WorkerOptions options, ClientRuntime runtime) {
        this.options = options;
        this.runtime = runtime;
        this.random = new SplittableRandom(options.seed());
    }

    public static void main(String[] arguments) throws Exception {
        ChildJvm.dieWithParent();
        WorkerOptions options = WorkerOptions.of(arguments);
        Broker broker = Directories.open(options.directory(), options.sabotage());
        try (ClientRuntime runtime = ClientRuntime.start(broker, SystemEpochClock.INSTANCE)) {
            new CopyWorker(options, runtime).run();
        }
        ReportLine.of(Kind.DONE).say();
    }

    private static void reportAnomaly(String what) {
        ReportLine.of(Kind.ANOMALY, what).say();
    }

    private void run() throws IOException, InterruptedException {
        Broker broker = runtime.broker();
        Directories.createTopics(broker, options.partitions());
        ReportLine.of(Kind.READY, broker.recovery().decidedTransactions(), broker.recovery().abortedBranches()).say();
        if (!options.finish()) {
            SplittableRandom drawn = random.split();
            start("feeder", () -> new FeedSource(runtime, drawn), feederTally, FEED_PAUSE_NS);
        }
        for (int index = 0; index < options.members(); index++) {
            int member = index;
            SplittableRandom drawn = random.split();
            start("copier-" + member, () -> new CopySource(runtime, member, options.members(), drawn), tally, 0);
        }
        while (!copied && failure == null) {
            Thread.sleep(REPORT_INTERVAL_MS);
            ReportLine.of(Kind.PROGRESS, tally.counts()).say();
            copied = options.finish() && isCopied();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure != null) {
            throw new IllegalStateException("a member failed", failure);
        }
        ReportLine.of(Kind.PROGRESS, tally.counts()).say();
    }

    private void start(String name, Supplier<Source> source, Tally counts, long pauseNs) {
        Luck luck = new Luck(random.split());
        Thread thread = new Thread(() -> {
            try {
                Member member = new Member(runtime, name, source.get(), luck, CopyWorker::reportAnomaly, counts,
                        telling(name));
                while (!copied && failure == null) {
                    boolean worked = member.step();
                    if (!worked || pauseNs > 0) {
                        LockSupport.parkNanos(worked ? pauseNs : IDLE_NS);
                    }
                }
            } catch (Throwable e) {
                failure = e;
            }
        }, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private Telling telling(String name) {
        return options.tale() == Tale.HISTORY ? Telling.to(new EventOutput(out, name)) : Telling.NOTHING;
    }

    /** Whether the copiers' offsets leave no record of the input behind them. */
    private boolean isCopied() {
        long[] committed = new Offsets(runtime, CopySource.GROUP).committed(Side.INPUT.topic(), options.partitions());
        return InputEnd.isReached(runtime.broker().topic(Side.INPUT.topic()).partitions(), committed);
    }
}
