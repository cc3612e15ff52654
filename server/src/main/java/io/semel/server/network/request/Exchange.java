package io.semel.server.network.request;

import io.semel.wire.protocol.ApiKeys;
import io.semel.wire.protocol.ApiMessage;

/**
 * One request under way, from the moment it was read until its answer is on its way. Answered exactly once.
 *
 * <p>Thread rule: any thread, one at a time.
 */
public final class Exchange {
    private final RequestHead head;
    private final Peer peer;
    private final AnswerSink sink;
    /** The event loop's. */
    private Runnable whenAbandoned = () -> {
    };

    /** Where an exchange's answer goes. */
    public interface AnswerSink {

        void answer(Exchange exchange, Answer answer);

        /** Ends the connection without an answer: its client will come back and try again. */
        void fail(Exchange exchange, Throwable cause);

        /** Runs the task on the connection's event loop, {@code delayMs} milliseconds from now; 0 for soon. */
        void runLater(Runnable task, long delayMs);

        /** Whether the connection is closed: its answer would go nowhere. */
        boolean isClosed();
    }

    public Exchange(RequestHead head, Peer peer, AnswerSink sink) {
        this.head = head;
        this.peer = peer;
        this.sink = sink;
    }

    public ApiKeys key() {
        return head.key();
    }

    public short version() {
        return head.version();
    }

    public int correlationId() {
        return head.correlationId();
    }

    /** As the request names it; empty when it does not. */
    public String clientId() {
        return head.clientId();
    }

    /** Who is at the other end. */
    public Peer peer() {
        return peer;
    }

    /** Answers with a message of this exchange's key and version. */
    public void answer(ApiMessage response) {
        sink.answer(this, new Answer.Message(response, version()));
    }

    /** Answers with bytes that are encoded already, or with none at all. */
    public void answer(Answer answer) {
        sink.answer(this, answer);
    }

    /** Ends the connection: for bugs, and for bytes that mean nothing. */
    public void fail(Throwable cause) {
        sink.fail(this, cause);
    }

    /** Runs the task on the connection's event loop, {@code delayMs} milliseconds from now; 0 for soon. */
    public void runLater(Runnable task, long delayMs) {
        sink.runLater(task, delayMs);
    }

    /** Whether nobody waits for the answer any more. */
    public boolean isAbandoned() {
        return sink.isClosed();
    }

    /**
     * For the connection's event loop, on which the task runs if the connection closes before this is answered: so that
     * what is parked goes at once. It must be answered then too, with {@link Answer#NONE}.
     */
    public void whenAbandoned(Runnable task) {
        whenAbandoned = task;
    }

    /** The connection is closed; called once on its event loop. */
    public void abandon() {
        whenAbandoned.run();
    }

    @Override
    public String toString() {
        return head + " of " + peer;
    }
}
