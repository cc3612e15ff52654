package io.semel.server.network.produce;

import java.util.List;

import io.semel.wire.protocol.Errors;

/**
 * Why records were not taken. Immutable.
 *
 * @param message for the client's log; empty for none
 * @param records those that are at fault, if it is some of them
 */
record Rejection(Errors error, String message, List<RecordError> records) {
    /** Nothing is wrong. */
    static final Rejection NONE = new Rejection(Errors.NONE, "");

    /** @param index of the record within its batch */
    record RecordError(int index, String message) {
    }

    Rejection(Errors error, String message) {
        this(error, message, List.of());
    }

    boolean isNone() {
        return error == Errors.NONE;
    }
}
