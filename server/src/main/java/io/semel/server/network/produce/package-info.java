/** Produce: records on their way from a connection's bytes into partitions, and the answers to that. */
package io.semel.server.network.produce;
