package io.semel.verify.disk;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Many lives, each of its own seed, on as many threads as wanted: the lives share nothing, so the result does not
 * depend on the threads.
 */
public final class EngineRun {
    private static final long PRIME = 0x9E3779B97F4A7C15L;
    private static final long NONE = Long.MAX_VALUE;

    private final EnginePlan plan;
    private final LongConsumer progress;
    private final AtomicLong nextLife = new AtomicLong();
    private final EngineCounts counts = new EngineCounts();
    private long hash;
    private long failedLife = NONE;
    private String failure = "";
    /** What ended a thread that should have lived on. Then nothing is proved. */
    private Throwable broken;

    /** @param progress is told the images so far, by one thread at a time */
    public EngineRun(EnginePlan plan, LongConsumer progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** What one life does, told to the journal. Returns what went wrong; empty when nothing did. */
    public static String replay(EnginePlan plan, long life, Journal journal) {
        return runLife(newLife(plan, life, journal));
    }

    /**
     * Has every storage call of one life be the one that fails, or the last, one call after the other up to
     * {@code calls} or to the life's end (L5).
     */
    public static SweepResult sweep(EnginePlan plan, long life, long calls) {
        long faults = 0;
        for (SweptFault fault : SweptFault.values()) {
            boolean struck = true;
            for (long call = 0; struck && call < calls; call++) {
                EngineLife swept = newLife(plan, life, Journal.SILENT);
                try {
                    struck = swept.runWith(fault, call);
                    faults += struck ? 1 : 0;
                } catch (IOException | RuntimeException e) {
                    return new SweepResult(faults, "call " + call + " " + fault + ": " + e);
                }
            }
        }
        return new SweepResult(faults, "");
    }

    private static EngineLife newLife(EnginePlan plan, long life, Journal journal) {
        return new EngineLife(new SplittableRandom(plan.seed() ^ life * PRIME).nextLong(), plan, journal);
    }

    private static String runLife(EngineLife life) {
        try {
            life.run();
            return "";
        } catch (ViolationException e) {
            return e.getMessage();
        } catch (IOException | RuntimeException e) {
            StackTraceElement[] where = e.getStackTrace();
            return "L5: " + e + (where.length == 0 ? "" : " at " + where[0]);
        }
    }

    /** Lives until all have been, or until one went wrong. */
    public EngineResult run() throws InterruptedException {
        long startNs = System.nanoTime();
        Thread[] threads = new Thread[plan.threads()];
        for (int index = 0; index < threads.length; index++) {
            threads[index] = new Thread(this::liveOnOrSay, "semel-verify-" + index);
            threads[index].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        requireAllLived();
        return new EngineResult(counts, hash, failedLife == NONE ? -1 : failedLife, failure, System.nanoTime()
                - startNs);
    }

    /** A run that proves nothing must not look like one that found nothing. */
    private void requireAllLived() {
        if (broken != null) {
            throw new IllegalStateException("a thread of the run ended early: " + broken, broken);
        }
        if (failure.isEmpty() && counts.images() < plan.images()) {
            throw new IllegalStateException("only " + counts.images() + " of " + plan.images() + " images were made");
        }
    }

    private void liveOnOrSay() {
        try {
            liveOn();
        } catch (Throwable e) {
            synchronized (this) {
                broken = e;
            }
        }
    }

    private void liveOn() {
        long number = nextLife.getAndIncrement();
        while (number < plan.lives() && isWanted(number)) {
            EngineLife life = newLife(plan, number, Journal.SILENT);
            take(number, life, runLife(life));
            number = nextLife.getAndIncrement();
        }
    }

    /** Behind a failure nobody looks any more; before it one may still be found that comes first. */
    private synchronized boolean isWanted(long number) {
        return number < failedLife;
    }

    private synchronized void take(long number, EngineLife life, String outcome) {
        counts.add(life.counts());
        // A sum, because lives end in no order.
        hash += new SplittableRandom(life.hash() + number).nextLong();
        if (!outcome.isEmpty() && number < failedLife) {
            failedLife = number;
            failure = outcome;
        }
        progress.accept(counts.images());
    }
}
