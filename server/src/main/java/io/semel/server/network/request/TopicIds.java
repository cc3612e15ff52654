package io.semel.server.network.request;

import java.util.UUID;

import io.semel.wire.Uuid;

/** A topic's id as the JDK writes it, and as Kafka does: the same 128 bits. */
public final class TopicIds {
    private TopicIds() {
    }

    public static UUID ours(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    public static Uuid kafkas(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
