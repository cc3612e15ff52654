package io.semel.server.network.request;

import io.semel.wire.protocol.ApiMessage;

/**
 * Answers the requests of one API key: one file each, named after the key.
 *
 * <p>Thread rule: on the event loop of the request's connection, where nothing may block: what waits for the disk goes
 * through {@link Served#disk()}, what waits for somebody else is parked and answered later, from any thread. One
 * handler serves all connections at once.
 *
 * <p>A handler that throws has a bug, or met hostile bytes: the connection is closed, and its client comes back and
 * tries again. So no client ever hears UNKNOWN_SERVER_ERROR, on which some drop sequences and write twice.
 *
 * @param <Q> the request
 */
@FunctionalInterface
public interface Handler<Q extends ApiMessage> {

    /** Answers now or later, once: see {@link Exchange}. */
    void handle(Q request, Exchange exchange);
}
