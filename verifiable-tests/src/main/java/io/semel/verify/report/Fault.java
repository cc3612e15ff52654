package io.semel.verify.report;

import java.util.List;

/**
 * Something that must not be.
 *
 * @param definition what this kind of fault is; empty where {@code what} says it all
 */
public record Fault(String what, String where, String definition, List<Proof> proofs) {
    public Fault {
        proofs = List.copyOf(proofs);
    }

    /** Without more to show than its words. */
    public static Fault of(String what) {
        return new Fault(what, "", "", List.of());
    }

    /**
     * One event that the fault stands on.
     *
     * @param at file and line of the history
     */
    public record Proof(String at, String program, String account) {
    }

    String headline() {
        return where.isEmpty() ? what : what + " in " + where;
    }
}
