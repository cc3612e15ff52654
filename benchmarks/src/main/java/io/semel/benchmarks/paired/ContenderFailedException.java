package io.semel.benchmarks.paired;

/** A contender did not run to its end, or measured something else than it was asked to. */
public final class ContenderFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ContenderFailedException(Contender contender, String why) {
        super("contender failed: " + contender.id() + ": " + why);
    }
}
