package io.semel.verify;

/** The engine says that a newer instance has taken over. */
final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FencedException(String what) {
        super(what);
    }
}
