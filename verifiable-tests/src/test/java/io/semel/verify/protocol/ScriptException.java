package io.semel.verify.protocol;

/** A script that can't be read or played as it is written: its author's mistake, not the house's. */
final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScriptException(String message) {
        super(message);
    }
}
