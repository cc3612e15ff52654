package io.semel.server.network.request;

import io.semel.wire.protocol.ApiKeys;

/** What a request says of itself. */
public record RequestHead(ApiKeys key, short version, int correlationId, String clientId) {
}
