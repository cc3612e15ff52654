package io.semel.server.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Has a socket's bytes read to where its {@link FrameReceiver} wants them.
 *
 * <p>Thread rule: the channel's event loop.
 */
final class FrameReads extends DefaultMaxMessagesRecvByteBufAllocator {
    /** Holds the small requests of a client that sends many at once; most reads bring one. */
    private static final int MAX_READ_BYTES = 16 << 10;

    private static final int MIN_READ_BYTES = 512;

    private final FrameReceiver receiver;

    FrameReads(FrameReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new FrameHandle();
    }

    /** Reads as much as the reads before brought, rounded up; a read that fills its buffer asks for twice as much. */
    private final class FrameHandle extends MaxMessageHandle {
        private int usualBytes = MIN_READ_BYTES;

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return receiver.room(allocator, usualBytes);
        }

        @Override
        public int guess() {
            return usualBytes;
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes == attemptedBytesRead() && bytes >= usualBytes) {
                usualBytes = Math.min(MAX_READ_BYTES, 2 * usualBytes);
            } else if (bytes > 0 && bytes < usualBytes / 4) {
                usualBytes = Math.max(MIN_READ_BYTES, usualBytes / 2);
            }
        }
    }
}
