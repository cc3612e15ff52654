package io.semel.server.network;

import java.util.concurrent.RejectedExecutionException;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.semel.server.network.metrics.NetworkMetrics;

/**
 * Counts what comes from one client and is not answered, in front of everybody who keeps it, and stops reading when all clients together
 * have sent more than can be answered.
 *
 * <p>Thread rule: the channel's event loop, but for {@link #resume}.
 */
final class Inflow extends ChannelDuplexHandler {
    private final Channel channel;
    private final FrameReceiver receiver;
    private final QueuedBytes queued;
    private final ReadValve valve;
    private final NetworkMetrics metrics;
    /** Of a request that is not whole yet. */
    private long partialBytes;
    private long readNs = System.nanoTime();

    Inflow(Channel channel, FrameReceiver receiver, QueuedBytes queued, ReadValve valve, NetworkMetrics metrics) {
        this.channel = channel;
        this.receiver = receiver;
        this.queued = queued;
        this.valve = valve;
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        readNs = System.nanoTime();
        context.fireChannelRead(message);
        queued.hold(receiver.partialBytes() - partialBytes);
        partialBytes = receiver.partialBytes();
        if (mustWait()) {
            metrics.readingPaused();
            valve.shut(ReadValve.Reason.MEMORY);
            queued.pause(this);
        }
    }

    /** Netty's own handlers ask for more while they have half of something, whether reading is stopped or not. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (!valve.isShut()) {
            context.read();
        }
    }

    private boolean mustWait() {
        return queued.isFull() && channel.isActive() && !(isWithinRequest() && queued.favours(this));
    }

    /** A request is whole; its bytes are held until {@link #answered}. */
    void whole(long bytes) {
        queued.hold(bytes);
        queued.whole(this, bytes);
    }

    void answered(long bytes) {
        queued.answered(bytes);
    }

    boolean isWithinRequest() {
        return partialBytes > 0;
    }

    /** When something was read last, or could have been for the first time since reading was stopped. */
    long readNs() {
        return readNs;
    }

    /**
     * Any thread. Who comes too late, when others have taken the room again, waits again.
     *
     * @return false when nothing can be read any more
     */
    boolean resume() {
        try {
            channel.eventLoop().execute(this::readOn);
            return channel.isActive();
        } catch (RejectedExecutionException e) {
            // The server is closed.
            return false;
        }
    }

    private void readOn() {
        if (mustWait()) {
            queued.pause(this);
            return;
        }
        readNs = System.nanoTime();
        valve.open(ReadValve.Reason.MEMORY);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.fireChannelInactive();
        queued.end(this, partialBytes);
        partialBytes = 0;
    }
}
