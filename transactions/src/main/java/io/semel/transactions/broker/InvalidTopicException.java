package io.semel.transactions.broker;

/** A topic's name, partition count or configuration is not acceptable. Nothing was created or changed. */
public final class InvalidTopicException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final What what;

    /** What is not acceptable. */
    public enum What {
        NAME, PARTITIONS, CONFIG,
        /** The topic is one of Semel's own. */
        INTERNAL
    }

    public InvalidTopicException(What what, String message) {
        super(message);
        this.what = what;
    }

    public What what() {
        return what;
    }
}
