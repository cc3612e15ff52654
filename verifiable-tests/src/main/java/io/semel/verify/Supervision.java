package io.semel.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.semel.server.child.ReportLine;

/**
 * What all workers of a run have reported. Thread rule: {@link #take} by the thread that reads the current worker's
 * lines, the rest by the supervisor.
 */
final class Supervision {
    /** More in words than a person reads; all are counted. */
    private static final int ANOMALIES_KEPT = 10;

    private final List<String> anomalies = new ArrayList<>();
    private long anomalyCount;
    private long[] earlier = new Tally().counts();
    private long[] current = new Tally().counts();
    private int recoveries;
    private final Consumer<String> others;
    private boolean ready;
    private boolean done;

    /** @param others take the lines that are no reports */
    Supervision(Consumer<String> others) {
        this.others = others;
    }

    synchronized void beginWorker() {
        for (int index = 0; index < earlier.length; index++) {
            earlier[index] += current[index];
            current[index] = 0;
        }
        ready = false;
        done = false;
    }

    void take(String text) {
        ReportLine.parse(text).ifPresentOrElse(this::take, () -> others.accept(text));
    }

    private synchronized void take(ReportLine line) {
        switch (line.kindIn(CopyWorker.Kind.class)) {
            case READY -> {
                ready = true;
                recoveries++;
            }
            case PROGRESS -> current = line.counts();
            case ANOMALY -> {
                anomalyCount++;
                if (anomalies.size() < ANOMALIES_KEPT) {
                    anomalies.add(line.rest());
                }
            }
            case DONE -> done = true;
        }
        notifyAll();
    }

    /** Waits until the worker works; false when it does not in time. */
    synchronized boolean awaitReady(long timeoutMs) throws InterruptedException {
        long deadlineMs = System.currentTimeMillis() + timeoutMs;
        long leftMs = timeoutMs;
        while (!ready && leftMs > 0) {
            wait(leftMs);
            leftMs = deadlineMs - System.currentTimeMillis();
        }
        return ready;
    }

    /** Whether the current worker has copied something. */
    synchronized boolean isAtWork() {
        return current[0] > 0;
    }

    synchronized boolean isDone() {
        return done;
    }

    synchronized int recoveries() {
        return recoveries;
    }

    synchronized long anomalyCount() {
        return anomalyCount;
    }

    synchronized List<String> anomalies() {
        return List.copyOf(anomalies);
    }

    synchronized long[] counts() {
        long[] sum = earlier.clone();
        for (int index = 0; index < sum.length; index++) {
            sum[index] += current[index];
        }
        return sum;
    }
}
