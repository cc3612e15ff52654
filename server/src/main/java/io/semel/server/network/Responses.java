package io.semel.server.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.semel.server.network.request.Answer;
import io.semel.server.network.request.Exchange;
import io.semel.wire.protocol.ApiMessage;
import io.semel.wire.protocol.ByteBufferAccessor;
import io.semel.wire.protocol.ObjectSerializationCache;

/** Frames answers: length, correlation id, from header version 1 on an empty list of tagged fields, body. Stateless. */
final class Responses {
    private Responses() {
    }

    /** Writes without a flush. @return how many bytes */
    static int write(Channel channel, Exchange exchange, Answer answer) {
        if (answer instanceof Answer.Message message) {
            ByteBuf frame = encode(channel, exchange, message.message(), message.version());
            int bytes = frame.readableBytes();
            channel.write(frame, channel.voidPromise());
            return bytes;
        } else if (answer instanceof Answer.Bytes bytes) {
            ByteBuf head = channel.alloc().directBuffer(Integer.BYTES + Integer.BYTES + 1);
            writeHead(head, exchange, bytes.body().readableBytes());
            int length = head.readableBytes() + bytes.body().readableBytes();
            channel.write(head, channel.voidPromise());
            channel.write(bytes.body(), channel.voidPromise());
            return length;
        }
        return 0;
    }

    private static ByteBuf encode(Channel channel, Exchange exchange, ApiMessage message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int bodyLength = message.size(cache, version);
        ByteBuf frame = channel.alloc().directBuffer(Integer.BYTES + Integer.BYTES + 1 + bodyLength);
        try {
            writeHead(frame, exchange, bodyLength);
            int start = frame.writerIndex();
            message.write(new ByteBufferAccessor(frame.nioBuffer(start, bodyLength)), cache, version);
            frame.writerIndex(start + bodyLength);
            return frame;
        } catch (RuntimeException | Error e) {
            frame.release();
            throw e;
        }
    }

    private static void writeHead(ByteBuf frame, Exchange exchange, int bodyLength) {
        boolean isTagged = exchange.key().messageType.responseHeaderVersion(exchange.version()) >= 1;
        frame.writeInt(Integer.BYTES + (isTagged ? 1 : 0) + bodyLength);
        frame.writeInt(exchange.correlationId());
        if (isTagged) {
            frame.writeByte(0);
        }
    }
}
