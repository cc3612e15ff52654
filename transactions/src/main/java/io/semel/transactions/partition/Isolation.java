package io.semel.transactions.partition;

/** What a reader is shown (Kafka: {@code isolation.level}). */
public enum Isolation {
    /** All records below the frontier, of open and aborted transactions too. */
    READ_UNCOMMITTED,
    /** Records below the last stable offset, without those of aborted transactions. */
    READ_COMMITTED
}
