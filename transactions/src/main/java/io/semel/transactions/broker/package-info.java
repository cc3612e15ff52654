/**
 * The composition root: one directory's metadata, topics, partitions, coordinators, put together and stepped.
 *
 * <p>Nothing here starts a thread: the owner steps {@link io.semel.transactions.broker.Broker#doWork()}.
 */
package io.semel.transactions.broker;
