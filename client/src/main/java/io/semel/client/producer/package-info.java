/**
 * Kafka's {@code Producer} over the engine in the same process, without a network: callers serialize and choose a
 * partition, one sender thread per producer encodes, appends, and reports in order what is acknowledged.
 */
package io.semel.client.producer;
