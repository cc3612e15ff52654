package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;

import io.semel.verify.disk.Journal;

/**
 * Many lives, each of its own seed, on as many threads as wanted: the lives share nothing, so the result does not
 * depend on the threads.
 */
public final class ProtocolRun {
    private static final long NONE = Long.MAX_VALUE;

    private final ProtocolPlan plan;
    private final ObjLongConsumer<ProtocolCounts> progress;
    private final AtomicLong nextLife = new AtomicLong();
    private final ProtocolCounts counts = new ProtocolCounts();
    private long lived;
    private long hash;
    private long failedLife = NONE;
    private String failure = "";
    /** What ended a thread that should have lived on. Then nothing is proved. */
    private Throwable broken;

    /** @param progress is told the lives so far and what happened in them, by one thread at a time */
    public ProtocolRun(ProtocolPlan plan, ObjLongConsumer<ProtocolCounts> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** What one life does, told to the journal. Returns what went wrong; empty when nothing did. */
    public static String replay(ProtocolPlan plan, long life, Journal journal) {
        return Outcome.of(plan.story(life), plan.verdicts(), journal).failure();
    }

    /** As {@link #replay}, of the shortest part of the life's story in which the same property fails. */
    public static String replayShortest(ProtocolPlan plan, long life, Journal journal) {
        Story shortest = Shrinker.shrink(plan.story(life), plan.verdicts());
        return Outcome.of(shortest, plan.verdicts(), journal).failure();
    }

    /** Lives until all have been, or until one went wrong. */
    public ProtocolResult run() throws InterruptedException {
        long startNs = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int index = 0; index < plan.threads(); index++) {
            threads.add(new Thread(this::liveOnOrSay, "semel-verify-" + index));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        if (broken != null) {
            throw new IllegalStateException("a thread of the run ended early: " + broken, broken);
        }
        return new ProtocolResult(counts, lived, hash, failedLife == NONE ? -1 : failedLife, failure, System.nanoTime()
                - startNs);
    }

    private void liveOnOrSay() {
        try {
            long number = nextLife.getAndIncrement();
            while (number < plan.lives() && isWanted(number)) {
                take(number, Outcome.of(plan.story(number), plan.verdicts(), Journal.SILENT));
                number = nextLife.getAndIncrement();
            }
        } catch (Throwable e) {
            synchronized (this) {
                broken = e;
            }
        }
    }

    /** Behind a failure nobody looks any more; before it one may still be found that comes first. */
    private synchronized boolean isWanted(long number) {
        return number < failedLife;
    }

    private synchronized void take(long number, Outcome outcome) {
        counts.add(outcome.counts());
        lived++;
        // A sum, because lives end in no order.
        hash += new SplittableRandom(outcome.hash() + number).nextLong();
        if (!outcome.isClean() && number < failedLife) {
            failedLife = number;
            failure = outcome.failure();
        }
        progress.accept(counts, lived);
    }
}
