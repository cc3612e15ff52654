package io.semel.server.network;

import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

/** Cuts what comes from a socket into requests: four bytes of length, then that many bytes. */
final class FrameDecoder extends LengthFieldBasedFrameDecoder {

    FrameDecoder(int maxFrameBytes) {
        super(maxFrameBytes, 0, Integer.BYTES, 0, Integer.BYTES, true);
    }
}
