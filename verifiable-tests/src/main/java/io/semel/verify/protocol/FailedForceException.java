package io.semel.verify.protocol;

/**
 * A force failed in the step at hand, which is over: whoever was answered by then was, and everybody else knows
 * nothing.
 */
final class FailedForceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedForceException() {
        super("a force failed", null, false, false);
    }
}
