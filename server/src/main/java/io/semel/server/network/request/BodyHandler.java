package io.semel.server.network.request;

import java.nio.ByteBuffer;

/**
 * As {@link Handler}, for the keys that carry records and have a codec of their own.
 *
 * <p>The body is big-endian, begins behind the request's header, and is valid until the exchange is answered.
 */
@FunctionalInterface
public interface BodyHandler {

    void handle(ByteBuffer body, Exchange exchange);
}
