package io.semel.server.network.request;

import io.netty.buffer.ByteBuf;
import io.semel.wire.protocol.ApiMessage;

/** What goes back to a client. */
public sealed interface Answer {
    /** The client wants none (Produce with acks=0). */
    Answer NONE = new Nothing();

    /** A message, to be encoded in a version that the client understands. */
    record Message(ApiMessage message, short version) implements Answer {
    }

    /**
     * The body of a response, encoded; what it is made of is released once it is written.
     *
     * @param body without frame length and response header
     */
    record Bytes(ByteBuf body) implements Answer {
    }

    /** No answer. */
    record Nothing() implements Answer {
    }
}
