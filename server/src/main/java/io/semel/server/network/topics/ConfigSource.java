package io.semel.server.network.topics;

/** Where a configuration's value comes from, by Kafka's codes. */
enum ConfigSource {
    TOPIC(1), STATIC_BROKER(4), DEFAULT(5);

    private final byte code;

    ConfigSource(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }
}
