package io.semel.client.consumer;

/** When a consumer commits by itself how far it has come. */
public enum CommitStyle {
    /** Before the records are handed over: a crash may lose them, and never repeats them. */
    BEFORE_HANDOVER,

    /**
     * At the next poll, or at close, what the poll before has handed over: a crash may repeat records, and never loses
     * them. Kafka's {@code enable.auto.commit}, every {@code auto.commit.interval.ms}.
     */
    AFTER_PROCESSING,

    /** Never by itself: the caller commits, or a transaction does. */
    MANUAL
}
