package io.semel.client.producer;

/** What travels to the sender thread, in the order in which it was put. */
sealed interface Enqueued permits PendingRecord, Command {
}
