package io.semel.transactions.broker;

/** There is no such topic, or the topic has no such partition. */
public final class UnknownTopicException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public UnknownTopicException(String message) {
        super(message);
    }
}
