/**
 * Kafka's {@code Consumer} over an open directory, without a network.
 *
 * <p>{@link io.semel.client.consumer.EmbeddedConsumer} is the door. Behind it {@code Subscriptions} knows what is
 * assigned, {@code GroupMember} gets it assigned, {@code Positions} finds where to begin, {@code PartitionFeed} and
 * {@code Fetcher} read, {@code OffsetCommits} remembers how far. All of that runs on the polling thread. Three things
 * are touched by others: {@code Parking}, which every thread may wake, {@code Answer}, which whoever found it fills in,
 * and {@code Heartbeat}, which the conductor steps.
 */
package io.semel.client.consumer;
