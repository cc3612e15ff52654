package io.semel.server.network;

import java.net.InetSocketAddress;

import io.semel.server.network.request.Node;

/**
 * Where one node listens, and where clients are told that it does. Immutable.
 *
 * @param listens        port 0 for any that is free
 * @param advertisedHost what clients connect to; often the same, but a proxy or a container has another
 * @param advertisedPort 0 for the one that is listened on
 */
public record Place(InetSocketAddress listens, String advertisedHost, int advertisedPort) {

    public static Place at(InetSocketAddress address) {
        return new Place(address, address.getHostString(), 0);
    }

    Node node(int id, int boundPort) {
        return new Node(id, advertisedHost, advertisedPort == 0 ? boundPort : advertisedPort);
    }
}
