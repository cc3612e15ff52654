package io.semel.transactions.broker;

/** There is a topic of that name already. Nothing was changed. */
public final class TopicExistsException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public TopicExistsException(String topic) {
        super("topic exists already: " + topic);
    }
}
