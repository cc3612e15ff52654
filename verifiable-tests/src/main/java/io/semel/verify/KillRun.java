package io.semel.verify;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import io.semel.log.CorruptLogException;
import io.semel.server.child.ChildJvm;
import io.semel.server.inspect.Fields;
import io.semel.transactions.partition.PartitionId;
import io.semel.verify.programs.EventLine;
import io.semel.verify.scenarios.Recording;

/**
 * The kill scenario: workers feed and copy, each dies of {@code kill -9} at a random moment, at work or while it still
 * recovers; the last one finishes the copy; then every record is checked.
 *
 * <p>Thread rule: one thread.
 */
final class KillRun {
    /** A worker that has not opened the directory by then hangs. */
    private static final long READY_TIMEOUT_MS = 60_000;

    /** A worker that has committed nothing by then dies without. */
    private static final long WARM_UP_TIMEOUT_MS = 10_000;

    /** The last worker has only to copy what is left. */
    private static final long FINISH_TIMEOUT_MS = 120_000;

    private static final int MAX_WORK_MS = 500;

    /** Of a hundred workers, so many die before they are ready: kills must fall into recovery too. */
    private static final int PERCENT_KILLED_EARLY = 15;

    private static final int MAX_STARTUP_MS = 700;

    /** A worker lives for half a second; the second compiler would only take the processors from it. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final KillPlan plan;
    private final KillProgress progress;
    private final SplittableRandom random;
    private final Optional<Recording> recording;
    private final Supervision supervision;
    private int kills;
    private String failure = "";

    /** @param recording where the workers' history goes, if they are to tell it */
    KillRun(KillPlan plan, KillProgress progress, Optional<Recording> recording) {
        this.plan = plan;
        this.recording = recording;
        this.supervision = new Supervision(line -> recording.ifPresent(history -> history.take(line)));
        this.progress = progress;
        this.random = new SplittableRandom(plan.seed());
    }

    KillResult run() throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        while (kills < plan.kills() && failure.isEmpty()) {
            runAndKill();
            progress.update(kills, supervision.recoveries(), supervision.counts(), supervision.anomalyCount());
        }
        if (failure.isEmpty()) {
            progress.say("finishing the copy");
            runToTheEnd();
        }
        progress.say("checking every record");
        Damage input = Damage.NONE;
        Damage copy = Damage.NONE;
        try {
            DirectoryCheck check = DirectoryCheck.of(plan.directory(), plan.partitions(), this::tell);
            input = check.input();
            copy = check.copy();
        } catch (CorruptLogException e) {
            fail("the directory can't be opened any more: " + e.getMessage());
        }
        return new KillResult(kills, input, copy, supervision.anomalyCount(), supervision.anomalies(), failure,
                supervision.counts(), (System.nanoTime() - startNs) / 1_000_000);
    }

    private void runAndKill() throws IOException, InterruptedException {
        boolean early = kills > 0 && random.nextInt(100) < PERCENT_KILLED_EARLY;
        long pauseMs = random.nextInt(early ? MAX_STARTUP_MS : MAX_WORK_MS);
        try (ChildJvm worker = start(false)) {
            if (!early && !(awaitReady(worker) && awaitWork(worker))) {
                return;
            }
            worker.awaitExit(pauseMs);
            if (worker.kill()) {
                kills++;
                recording.ifPresent(Recording::killed);
            } else {
                fail("worker ended by itself with exit code " + worker.exitCode());
            }
        }
    }

    private boolean awaitReady(ChildJvm worker) throws InterruptedException {
        long deadlineMs = System.currentTimeMillis() + READY_TIMEOUT_MS;
        while (!supervision.awaitReady(100)) {
            if (!worker.isAlive()) {
                fail("worker ended while it opened the directory, with exit code " + worker.exitCode());
                return false;
            }
            if (System.currentTimeMillis() > deadlineMs) {
                fail("worker has not opened the directory within " + READY_TIMEOUT_MS + " ms");
                return false;
            }
        }
        return true;
    }

    /**
     * On a busy machine the first commit takes long, and kills before it would try little; some fall there all the
     * same.
     */
    private boolean awaitWork(ChildJvm worker) throws InterruptedException {
        long deadlineMs = System.currentTimeMillis() + WARM_UP_TIMEOUT_MS;
        while (!supervision.isAtWork() && System.currentTimeMillis() < deadlineMs) {
            if (worker.awaitExit(10)) {
                fail("worker ended by itself with exit code " + worker.exitCode());
                return false;
            }
        }
        return true;
    }

    private void runToTheEnd() throws IOException, InterruptedException {
        try (ChildJvm worker = start(true)) {
            if (!worker.awaitExit(FINISH_TIMEOUT_MS)) {
                fail("the copy did not reach the end of the input within " + FINISH_TIMEOUT_MS + " ms: it hangs");
            } else if (worker.exitCode() != 0 || !supervision.isDone()) {
                fail("the last worker ended with exit code " + worker.exitCode());
            }
        }
    }

    private ChildJvm start(boolean finish) throws IOException {
        supervision.beginWorker();
        return ChildJvm.start(JVM_OPTIONS, CopyWorker.class, plan.worker(random.nextLong(), finish).toArguments(),
                supervision::take);
    }

    /** One poll for each record: as a history it says the same as larger ones. */
    private void tell(PartitionId partition, long offset, byte[] key) {
        recording.ifPresent(history -> {
            Fields place = new Fields().with("timestamp", System.currentTimeMillis()).with(EventLine.PROCESS, "reader");
            place.with(EventLine.TOPIC, partition.topic()).with(EventLine.PARTITION, partition.partition());
            history.take(place.with(EventLine.OFFSET, offset).with(EventLine.VALUE, Telling.name(key)).with(
                    EventLine.NAME, EventLine.RECORD_DATA).json());
            history.take(new Fields().with(EventLine.NAME, EventLine.RECORDS_CONSUMED).with(EventLine.PROCESS, "reader")
                    .with("count", 1).json());
        });
    }

    private void fail(String because) {
        if (failure.isEmpty()) {
            failure = because;
        }
    }
}
