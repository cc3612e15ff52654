package io.semel.verify.scenarios.worker;

/** Something happened that must not, or did not that must. */
final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
        super(message);
    }
}
