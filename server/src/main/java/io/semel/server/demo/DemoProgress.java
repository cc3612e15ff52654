package io.semel.server.demo;

import io.semel.server.child.ReportLine;

/**
 * What the workers have reported.
 *
 * <p>Thread rule: {@link #take} by the thread that reads the current worker's lines, the rest by the supervisor.
 */
final class DemoProgress {
    private long linesFed;
    private long earlierWords;
    private long currentWords;
    private long earlierCommits;
    private long currentCommits;
    private int recoveries;
    private long transactionsFinished;
    private long branchesAborted;
    private boolean ready;
    private boolean done;

    /** @param linesFed where an earlier run of the demo left off */
    DemoProgress(long linesFed) {
        this.linesFed = linesFed;
    }

    synchronized void beginWorker() {
        earlierWords += currentWords;
        earlierCommits += currentCommits;
        currentWords = 0;
        currentCommits = 0;
        ready = false;
        done = false;
    }

    void take(String text) {
        ReportLine.parse(text).ifPresent(this::take);
    }

    private synchronized void take(ReportLine line) {
        long[] counts = line.counts();
        switch (line.kindIn(DemoWorker.Kind.class)) {
            case READY -> {
                ready = true;
                recoveries++;
                transactionsFinished += counts[0];
                branchesAborted += counts[1];
            }
            case PROGRESS -> progress(counts);
            case DONE -> {
                progress(counts);
                done = true;
            }
        }
    }

    private void progress(long[] counts) {
        linesFed = Math.max(linesFed, counts[0]);
        currentWords = counts[2];
        currentCommits = counts[3];
    }

    synchronized boolean isReady() {
        return ready;
    }

    synchronized boolean isDone() {
        return done;
    }

    synchronized long linesFed() {
        return linesFed;
    }

    synchronized long wordsOut() {
        return earlierWords + currentWords;
    }

    synchronized long commits() {
        return earlierCommits + currentCommits;
    }

    /** Of the worker that runs. */
    synchronized long currentCommits() {
        return currentCommits;
    }

    /** Times that a worker opened the directory after another one had died. */
    synchronized int recoveries() {
        return Math.max(0, recoveries - 1);
    }

    synchronized long transactionsFinished() {
        return transactionsFinished;
    }

    synchronized long branchesAborted() {
        return branchesAborted;
    }
}
