package io.semel.transactions.broker;

/** A topic's name, partition count or configuration is not acceptable. Nothing was created or changed. */
public final class InvalidTopicException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidTopicException(String message) {
        super(message);
    }
}
