package io.semel.server.network;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.semel.server.network.metrics.NetworkMetrics;
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
    private final Inflow inflow;
    private final ReadValve valve;
    private final NetworkMetrics metrics;
    /** Read, and not begun. */
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    /** Begun, in order; the head's answer is the next to leave. */
    private final ArrayDeque<Turn> underWay = new ArrayDeque<>();
    /** An answer that comes while a request is begun must not begin the next one within it. */
    private boolean beginning;
    /** Nothing is begun any more; closed once what is under way is answered. */
    private boolean draining;
    private long answeredNs = System.nanoTime();

    /** A request that was begun: the frame lives until it is answered. */
    private static final class Turn {
        private final Exchange exchange;
        private final ApiTable.Entry entry;
        private final ByteBuf frame;
        private final int bytes;
        private final long begunNs = System.nanoTime();
        private Answer answer;

        Turn(Exchange exchange, ApiTable.Entry entry, ByteBuf frame, int bytes) {
            this.exchange = exchange;
            this.entry = entry;
            this.frame = frame;
            this.bytes = bytes;
        }
    }

    Connection(ApiTable table, Peer peer, Channel channel, Inflow inflow, ReadValve valve, NetworkMetrics metrics) {
        this.table = table;
        this.peer = peer;
        this.channel = channel;
        this.inflow = inflow;
        this.valve = valve;
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf frame = (ByteBuf) message;
        inflow.whole(bytesOf(frame));
        waiting.add(frame);
        if (waiting.size() >= MAX_WAITING) {
            valve.shut(ReadValve.Reason.BACKLOG);
        }
        begin();
    }

    /** What a request takes on the wire. */
    private static int bytesOf(ByteBuf frame) {
        return Integer.BYTES + frame.readableBytes();
    }

    private void begin() {
        if (beginning || draining) {
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
        if (waiting.size() < MAX_WAITING / 2) {
            valve.open(ReadValve.Reason.BACKLOG);
        }
    }

    private boolean mayBegin(ByteBuf frame) {
        Turn last = underWay.peekLast();
        return last == null || last.entry.overlapping() == ApiTable.Overlap.SIDE_BY_SIDE
                && underWay.size() < MAX_WAITING && frame.readableBytes() >= Short.BYTES
                && frame.getShort(frame.readerIndex()) == last.entry.key().id;
    }

    private void begin(ByteBuf frame) {
        int bytes = bytesOf(frame);
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
            turn = new Turn(new Exchange(head, peer, this), entry, frame, bytes);
            underWay.add(turn);
            entry.handler().handle(frame.nioBuffer(), turn.exchange);
        } catch (IOException | RuntimeException | Error e) {
            if (turn == null || underWay.remove(turn)) {
                release(frame, bytes);
            }
            end("request can't be answered", e);
        }
    }

    private void release(ByteBuf frame, int bytes) {
        frame.release();
        inflow.answered(bytes);
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
            // The server is closed, and who answers may go on living: nobody waits for it.
            drop(answer);
        }
    }

    private static void drop(Answer answer) {
        if (answer instanceof Answer.Bytes bytes) {
            bytes.body().release();
        }
    }

    private void answered(Exchange exchange, Answer answer) {
        for (Turn turn : underWay) {
            if (turn.exchange == exchange) {
                if (turn.answer != null) {
                    throw new IllegalStateException("answered twice: " + exchange);
                }
                turn.answer = answer;
                sendAnswersOrEnd();
                begin();
                return;
            }
        }
        if (!channel.isActive()) {
            drop(answer);
            return;
        }
        throw new IllegalStateException("answered twice: " + exchange);
    }

    private void sendAnswersOrEnd() {
        try {
            sendAnswers();
        } catch (RuntimeException | Error e) {
            end("answer can't be sent", e);
        }
    }

    private void sendAnswers() {
        boolean wrote = false;
        while (!underWay.isEmpty() && underWay.peek().answer != null) {
            Turn turn = underWay.poll();
            release(turn.frame, turn.bytes);
            wrote |= send(turn);
        }
        if (wrote) {
            channel.flush();
        }
        if (draining) {
            closeWhenAnswered();
        }
    }

    private boolean send(Turn turn) {
        if (!channel.isActive()) {
            drop(turn.answer);
            return false;
        }
        int bytes = Responses.write(channel, turn.exchange, turn.answer);
        answeredNs = System.nanoTime();
        metrics.of(turn.entry.key()).answered(answeredNs - turn.begunNs, turn.bytes, bytes);
        return bytes > 0;
    }

    @Override
    public void fail(Exchange exchange, Throwable cause) {
        runLater(() -> {
            underWay.removeIf(turn -> {
                boolean isFailed = turn.exchange == exchange;
                if (isFailed) {
                    release(turn.frame, turn.bytes);
                }
                return isFailed;
            });
            end("request failed: " + exchange, cause);
        }, 0);
    }

    /** Begins nothing more, and closes the connection once what is under way is answered. */
    void drain() {
        draining = true;
        valve.shut(ReadValve.Reason.DRAIN);
        closeWhenAnswered();
    }

    private void closeWhenAnswered() {
        if (underWay.isEmpty()) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Whether neither side waits for the other. */
    boolean isIdle() {
        return waiting.isEmpty() && underWay.isEmpty() && !inflow.isWithinRequest();
    }

    /** Whether the client has sent a part of a request, and could send the rest. */
    boolean waitsForRest() {
        return inflow.isWithinRequest() && !valve.isShut();
    }

    long readNs() {
        return inflow.readNs();
    }

    /** When a request was read or answered last. */
    long activeNs() {
        long readNs = inflow.readNs();
        return readNs - answeredNs > 0 ? readNs : answeredNs;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public String toString() {
        return "connection of " + peer;
    }

    private void end(String why, Throwable cause) {
        metrics.connectionFailed();
        LOGGER.warn("connection of {} is closed: {}: {}", peer, why, cause.toString());
        LOGGER.debug("", cause);
        channel.close();
    }

    @Override
    public void runLater(Runnable task, long delayMs) {
        try {
            if (delayMs > 0) {
                channel.eventLoop().schedule(task, delayMs, TimeUnit.MILLISECONDS);
            } else {
                channel.eventLoop().execute(task);
            }
        } catch (RejectedExecutionException e) {
            LOGGER.debug("the server is closed; nothing is done any more for {}", peer);
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
        waiting.forEach(frame -> release(frame, bytesOf(frame)));
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
