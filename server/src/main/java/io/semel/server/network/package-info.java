/** The door that Kafka clients come through: sockets, frames, and one request after the other of each connection. */
package io.semel.server.network;
