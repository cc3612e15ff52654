package io.semel.verify.clients;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Prints a story step by step, for programs on the JVM. Thread rule: one thread. */
final class Steps {
    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final long LOOK_INTERVAL_NS = 5_000_000;

    private final String name;

    /** A step: what it answers, or null for nothing in particular. */
    interface Body {
        Object run() throws Exception;
    }

    /** @param name begins all names of the story, and is no part of an answer */
    Steps(String name) {
        this.name = name;
    }

    void step(String step, Body body) {
        String answer;
        try {
            Object found = body.run();
            answer = found == null ? "ok" : found.toString();
        } catch (Exception e) {
            answer = "error " + innermost(e).getClass().getSimpleName();
        }
        System.out.println(step + ": " + answer.replace(name, "NAME").replaceAll("\\s+", " "));
    }

    private static Throwable innermost(Throwable e) {
        boolean isWrapper = e instanceof ExecutionException || e instanceof CompletionException;
        return isWrapper && e.getCause() != null ? innermost(e.getCause()) : e;
    }

    static void until(String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new IllegalStateException("not so after " + PATIENCE_NS + " ns: " + what);
            }
            LockSupport.parkNanos(LOOK_INTERVAL_NS);
        }
    }
}
