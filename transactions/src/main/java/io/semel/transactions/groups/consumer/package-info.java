/**
 * Groups of the consumer protocol (KIP-848): the coordinator assigns partitions, and every member goes from what it has
 * to what it shall have at its own pace. {@link io.semel.transactions.groups.consumer.ConsumerGroup} is one group's
 * state machine; it knows neither log nor clock, {@code GroupCoordinator} drives it.
 */
package io.semel.transactions.groups.consumer;
