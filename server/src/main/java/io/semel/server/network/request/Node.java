package io.semel.server.network.request;

/** A broker as clients see it: one of those that this process answers as. */
public record Node(int id, String host, int port) {
}
