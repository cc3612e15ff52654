package io.semel.server.network.request;

import java.io.IOException;

import io.semel.wire.protocol.Errors;

/**
 * What became of one thing that a request asks for.
 *
 * @param message null when there is nothing to say
 */
public record Outcome(Errors error, String message) {
    public static final Outcome DONE = new Outcome(Errors.NONE, null);

    /** Something that is done, or throws what {@link Failures} knows. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    public static Outcome of(Deadline deadline, Work work) {
        try {
            deadline.requireTime();
            work.run();
            return DONE;
        } catch (IOException | RuntimeException e) {
            return new Outcome(Failures.codeOf(e), e.getMessage());
        }
    }

    public static Outcome refused(Errors error) {
        return new Outcome(error, error.message());
    }

    public static Outcome refused(Errors error, String message) {
        return new Outcome(error, message);
    }

    public boolean isDone() {
        return error == Errors.NONE;
    }

    public short code() {
        return error.code();
    }
}
