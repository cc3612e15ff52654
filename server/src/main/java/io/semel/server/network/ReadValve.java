package io.semel.server.network;

import java.util.EnumSet;
import java.util.Set;

import io.netty.channel.Channel;

/**
 * Whether anything is read from a connection: only while nobody has a reason against it.
 *
 * <p>Thread rule: the channel's event loop.
 */
final class ReadValve {
    private final Channel channel;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    /** Why nothing is read. */
    enum Reason {
        /** Too many requests of this connection wait behind one that is not answered. */
        BACKLOG,
        /** Too many bytes of all connections wait to be answered. */
        MEMORY,
        /** The server stops. */
        DRAIN
    }

    ReadValve(Channel channel) {
        this.channel = channel;
    }

    void shut(Reason reason) {
        if (reasons.add(reason)) {
            channel.config().setAutoRead(false);
        }
    }

    void open(Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    boolean isShut() {
        return !reasons.isEmpty();
    }
}
