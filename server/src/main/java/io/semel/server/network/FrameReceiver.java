package io.semel.server.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * Cuts what comes from a socket into frames: four bytes of length, then that many bytes, which are a request.
 *
 * <pre>
 *  read:   | length | frame | length | frame | length | fra        lent by frames(): slices of what was read
 *  next:                                                   me |    read into the frame's own buffer, behind its start
 * </pre>
 *
 * <p>A frame that arrives whole is a slice of what was read. Of any other the rest is read where it stays: the socket's
 * reads ask {@link #room} for a buffer ({@link FrameReads}) and get the frame's own. After a large frame only the next
 * length is read, so that nothing of a large frame is copied at all. Bytes that come from another handler (TLS) are
 * copied once.
 *
 * <p>Invariant (P1): a frame takes at most {@value #GROWTH} times the bytes that came of it, or {@value #FIRST_ROOM};
 * only as much as the peer has filled before, up to {@value #TRUSTED_ROOM}, is given to it at once.
 *
 * <p>Thread rule: the channel's event loop.
 */
final class FrameReceiver extends ChannelInboundHandlerAdapter {
    /** What a frame gets before any of it came. */
    static final int FIRST_ROOM = 64 << 10;

    /** A buffer that is full grows so much: what it held is copied, so each step may be the last. */
    static final int GROWTH = 8;

    /** What a frame may get at once if frames before it were as large. Kafka's producers send 1 MiB at most. */
    static final int TRUSTED_ROOM = 2 << 20;

    /** Whoever sends larger frames has the length read by itself: one call more, and no copy. */
    static final int SMALL_FRAME = 4 << 10;

    private final int maxFrameBytes;
    /** The frame under way; null while there is none. */
    private ByteBuf frame;
    private int frameLength;
    /** The bytes of a length that came so far, the highest first. */
    private int lengthSoFar;
    private int lengthBytes;
    /** Of the last frame. */
    private int usualLength;
    private boolean isBroken;

    /** @param maxFrameBytes longer frames end the connection */
    FrameReceiver(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** Where the next bytes of the socket go; the caller releases it. */
    ByteBuf room(ByteBufAllocator allocator, int usualBytes) {
        if (frame != null) {
            return frame.retain();
        }
        return allocator.ioBuffer(usualLength > SMALL_FRAME ? Integer.BYTES - lengthBytes : usualBytes);
    }

    /** How much has come of a frame that is not whole, its length included. */
    int partialBytes() {
        return frame == null ? lengthBytes : Integer.BYTES + frame.readableBytes();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf read = (ByteBuf) message;
        try {
            if (read == frame) {
                grown(context);
            } else {
                cut(context, read);
            }
        } finally {
            read.release();
        }
    }

    private void cut(ChannelHandlerContext context, ByteBuf read) {
        while (read.isReadable() && !isBroken) {
            if (frame != null) {
                frame.writeBytes(read, Math.min(frame.writableBytes(), read.readableBytes()));
                grown(context);
            } else if (readLength(read)) {
                begin(context, read);
            }
        }
    }

    /** False while bytes of it are missing. */
    private boolean readLength(ByteBuf read) {
        while (lengthBytes < Integer.BYTES) {
            if (!read.isReadable()) {
                return false;
            }
            lengthSoFar = lengthSoFar << Byte.SIZE | read.readUnsignedByte();
            lengthBytes++;
        }
        lengthBytes = 0;
        return true;
    }

    private void begin(ChannelHandlerContext context, ByteBuf read) {
        int length = lengthSoFar;
        if (length < 0 || length > maxFrameBytes) {
            isBroken = true;
            context.fireExceptionCaught(new CorruptedFrameException("a frame of " + length + " bytes (0x" + Integer
                    .toHexString(length) + "), allowed are 0.." + maxFrameBytes
                    + " (socket.request.max.bytes); a client of another protocol, or of TLS on a plain port?"));
        } else if (length <= read.readableBytes()) {
            usualLength = length;
            context.fireChannelRead(read.readRetainedSlice(length));
        } else {
            frameLength = length;
            int room = Math.max(FIRST_ROOM, Math.min(usualLength, TRUSTED_ROOM));
            frame = context.alloc().ioBuffer(Math.min(length, Math.max(room, read.readableBytes())), length);
            frame.writeBytes(read);
        }
    }

    /** Bytes have come to the frame. */
    private void grown(ChannelHandlerContext context) {
        if (frame.readableBytes() == frameLength) {
            ByteBuf whole = frame;
            frame = null;
            usualLength = frameLength;
            context.fireChannelRead(whole);
        } else if (!frame.isWritable()) {
            frame.capacity((int) Math.min(frameLength, (long) frame.capacity() * GROWTH));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        dropFrame();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        dropFrame();
    }

    private void dropFrame() {
        if (frame != null) {
            frame.release();
            frame = null;
        }
    }
}
