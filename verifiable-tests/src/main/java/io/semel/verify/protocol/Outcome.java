package io.semel.verify.protocol;

import java.io.IOException;

import io.semel.idempotence.Verdicts;
import io.semel.verify.disk.Journal;
import io.semel.verify.disk.ViolationException;

/**
 * How one life ended.
 *
 * @param failure the property and what was seen; empty when all held
 */
record Outcome(String failure, ProtocolCounts counts, long hash) {
    /** Of whatever the code throws itself: it stopped rather than go on wrongly, and yet it stopped. */
    private static final String THROWN = "L5";

    static Outcome of(Story story, Verdicts verdicts, Journal journal) {
        Life life = new Life(story, verdicts, journal);
        String failure = "";
        try {
            life.run();
        } catch (ViolationException e) {
            failure = e.getMessage();
        } catch (IOException | RuntimeException e) {
            StackTraceElement[] where = e.getStackTrace();
            failure = THROWN + ": " + e + (where.length == 0 ? "" : " at " + where[0]);
        }
        return new Outcome(failure, life.counts(), life.hash());
    }

    boolean isClean() {
        return failure.isEmpty();
    }

    /** The id of what does not hold. */
    String property() {
        return isClean() ? "" : failure.substring(0, failure.indexOf(':'));
    }
}
