/** Groups of consumers, and the offsets that they commit: one handler for each of Kafka's APIs. */
package io.semel.server.network.groups;
