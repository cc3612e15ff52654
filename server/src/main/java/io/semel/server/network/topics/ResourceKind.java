package io.semel.server.network.topics;

import java.util.Arrays;
import java.util.Optional;

/** What has a configuration, by Kafka's codes of ConfigResource. */
enum ResourceKind {
    TOPIC(2), BROKER(4), BROKER_LOGGER(8), CLIENT_METRICS(16), GROUP(32);

    private final byte code;

    ResourceKind(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static Optional<ResourceKind> find(byte code) {
        return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
    }
}
