package io.semel.verify.realdisk.worker;

/** A property of the log engine does not hold; the message begins with its id. */
public final class BrokenPromiseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokenPromiseException(String message) {
        super(message);
    }

    static void require(boolean holds, String property, String otherwise) {
        if (!holds) {
            throw new BrokenPromiseException(property + ": " + otherwise);
        }
    }
}
