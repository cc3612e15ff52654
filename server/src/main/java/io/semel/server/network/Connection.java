package io.semel.server.network;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import io.semel.server.network.request.Answer;
import io.semel.server.network.request.ApiTable;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Peer;
import io.semel.server.network.request.RequestHead;

/**
 * One client's connection: begins its requests in their order, and sends the answers in the same.
 *
 * <p>A request begins once the one before it is answered, as Kafka's broker has it; only those that overlap
 * ({@link ApiTable.Overlap}) are begun side by side. Nothing is begun while answers pile up in front of a client that
 * does not read them, and nothing is read while requests pile up behind one that waits: whoever is slow costs a bounded
 * amount.
 *
 * <p>Thread rule: the channel's event loop, but for what {@link Exchange.AnswerSink} promises.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Exchange.AnswerSink {
    private static final Logger LOGGER = LoggerFactory.getLogger(Connection.class);

    /** Clients keep five requests in flight, or a few more; past this nothing is read until some are answered. */
    private static final int MAX_WAITING = 64;

    private final ApiTable table;
    private final Peer peer;
    private final Channel channel;
    /** Read, and not begun. */
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    /** Begun, in order; the head's answer is the next to leave. */
    private final ArrayDeque<Turn> underWay = new ArrayDeque<>();
    /** An answer that comes while a request is begun must not begin the next one within it. */
    private boolean beginning;

    /** A request that was begun: the frame lives until it is answered. */
    private static final class Turn {
        private final Exchange exchange;
        private final ApiTable.Entry entry;
        private final ByteBuf frame;
        private Answer answer;

        Turn(Exchange exchange, ApiTable.Entry entry, ByteBuf frame) {
            this.exchange = exchange;
            this.entry = entry;
            this.frame = frame;
        }
    }

    Connection(ApiTable table, Peer peer, Channel channel) {
        this.table = table;
        this.peer = peer;
        this.channel = channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        waiting.add((ByteBuf) message);
        if (waiting.size() >= MAX_WAITING) {
            channel.config().setAutoRead(false);
        }
        begin();
    }

    private void begin() {
        if (beginning) {
            return;
        }
        beginning = true;
        try {
            while (!waiting.isEmpty() && channel.isWritable() && mayBegin(waiting.peek())) {
                begin(waiting.poll());
            }
        } finally {
            beginning = false;
        }
        if (waiting.size() < MAX_WAITING / 2 && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    private boolean mayBegin(ByteBuf frame) {
        Turn last = underWay.peekLast();
        return last == null || last.entry.overlapping() == ApiTable.Overlap.SIDE_BY_SIDE
                && underWay.size() < MAX_WAITING && frame.readableBytes() >= Short.BYTES
                && frame.getShort(frame.readerIndex()) == last.entry.key().id;
    }

    private void begin(ByteBuf frame) {
        Turn turn = null;
        try {
            if (peer.isSuperseded()) {
                throw new IOException("its client speaks on a newer connection");
            }
            RequestHead head = RequestHeads.read(frame);
            ApiTable.Entry entry = table.find(head.key());
            if (entry == null || !entry.serves(head.version()) && !RequestHeads.isAnsweredInAnyVersion(head)) {
                throw new IOException("not served: " + head);
            }
            turn = new Turn(new Exchange(head, peer, this), entry, frame);
            underWay.add(turn);
            entry.handler().handle(frame.nioBuffer(), turn.exchange);
        } catch (IOException | RuntimeException e) {
            if (turn == null || underWay.remove(turn)) {
                frame.release();
            }
            end("request can't be answered", e);
        }
    }

    @Override
    public void answer(Exchange exchange, Answer answer) {
        if (channel.eventLoop().inEventLoop()) {
            answered(exchange, answer);
            return;
        }
        try {
            channel.eventLoop().execute(() -> answered(exchange, answer));
        } catch (RejectedExecutionException e) {
            // The door closed while this was parked; whoever found the answer goes on with the others.
            LOGGER.debug("answer comes too late for a connection of {}: {}", peer, exchange);
        }
    }

    private void answered(Exchange exchange, Answer answer) {
        for (Turn turn : underWay) {
            if (turn.exchange == exchange) {
                if (turn.answer != null) {
                    throw new IllegalStateException("answered twice: " + exchange);
                }
                turn.answer = answer;
                sendAnswers();
                begin();
                return;
            }
        }
        throw new IllegalStateException("answered twice: " + exchange);
    }

    private void sendAnswers() {
        boolean wrote = false;
        while (!underWay.isEmpty() && underWay.peek().answer != null) {
            Turn turn = underWay.poll();
            turn.frame.release();
            wrote |= send(turn);
        }
        if (wrote) {
            channel.flush();
        }
    }

    private boolean send(Turn turn) {
        if (turn.answer instanceof Answer.Nothing) {
            return false;
        }
        if (!channel.isActive()) {
            if (turn.answer instanceof Answer.Bytes bytes) {
                bytes.body().release();
            }
            return false;
        }
        Responses.write(channel, turn.exchange, turn.answer);
        return true;
    }

    @Override
    public void fail(Exchange exchange, Throwable cause) {
        runLater(() -> end("request failed: " + exchange, cause), 0);
    }

    private void end(String why, Throwable cause) {
        LOGGER.warn("connection of {} is closed: {}: {}", peer, why, cause.toString());
        LOGGER.debug("", cause);
        channel.close();
    }

    @Override
    public void runLater(Runnable task, long delayMs) {
        if (delayMs > 0) {
            channel.eventLoop().schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } else {
            channel.eventLoop().execute(task);
        }
    }

    @Override
    public boolean isClosed() {
        return !channel.isActive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        begin();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        for (Turn turn : List.copyOf(underWay)) {
            turn.exchange.abandon();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException) {
            end("not a frame of Kafka's protocol", cause);
        } else if (cause instanceof IOException) {
            LOGGER.debug("connection of {} broke: {}", peer, cause.toString());
            channel.close();
        } else {
            end("bug", cause);
        }
    }
}
