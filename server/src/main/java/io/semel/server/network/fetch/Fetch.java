package io.semel.server.network.fetch;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.semel.log.TailWaiter;
import io.semel.server.network.request.Answer;
import io.semel.server.network.request.Exchange;

/**
 * One Fetch under way. What is not enough yet waits at the tails of its partitions for an append to any of them, for the
 * time that the client gave, or for the end of its connection: as long as there is one request under way of each
 * connection, so are there parked ones, and none outlives it.
 *
 * <p>Thread rule: the connection's event loop, but for {@link #wake()}, which comes from any appender and only hands over
 * to it, once until that was seen to.
 */
final class Fetch implements TailWaiter {
    private static final Logger LOGGER = LoggerFactory.getLogger(Fetch.class);

    private static final int STEP_MS = 1_000;

    private final Exchange exchange;
    private final FetchScope scope;
    private final PartitionFetcher fetcher;
    private final int minBytes;
    private int waitLeftMs;
    private final AtomicBoolean woken = new AtomicBoolean();
    /** What it waits for, as it was found; null while it does not wait, and once it is answered. */
    private List<FetchedPartition> parked;

    Fetch(Exchange exchange, FetchScope scope, PartitionFetcher fetcher, int minBytes, int maxWaitMs) {
        this.exchange = exchange;
        this.scope = scope;
        this.fetcher = fetcher;
        this.minBytes = minBytes;
        this.waitLeftMs = maxWaitMs;
    }

    void begin() {
        List<FetchedPartition> found = fetcher.fetch(scope.wanted());
        if (waitLeftMs <= 0 || found.isEmpty() || isEnough(found)) {
            answer(found);
        } else {
            found.forEach(FetchedPartition::release);
            park(found);
        }
    }

    /** Nobody waits for more than there is, nor to be told of an error. */
    private boolean isEnough(List<FetchedPartition> found) {
        long bytes = 0;
        for (FetchedPartition each : found) {
            if (!each.isSound() || each.hasRest()) {
                return true;
            }
            bytes += each.lengthBytes();
        }
        return bytes >= minBytes;
    }

    private void park(List<FetchedPartition> found) {
        parked = found;
        exchange.whenAbandoned(this::drop);
        waitOn();
        look();
    }

    /** In steps: a task that was put off can't be taken back, and must not keep an answered fetch for long. */
    private void waitOn() {
        int stepMs = Math.min(waitLeftMs, STEP_MS);
        waitLeftMs -= stepMs;
        exchange.runLater(() -> step(this::stepOver), stepMs);
    }

    /** What fails here fails nobody else: the connection ends, and its client comes back. */
    private void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
        }
    }

    private void stepOver() {
        if (waitLeftMs == 0) {
            answerAtLast();
        } else if (parked != null) {
            waitOn();
        }
    }

    @Override
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                exchange.runLater(() -> step(this::look), 0);
            } catch (RejectedExecutionException e) {
                // The server is closed: this one was dropped, and others that wait must be woken.
                LOGGER.debug("nobody waits any more: {}", exchange);
            }
        }
    }

    /** Waits on, unless there is enough now. The list of waiters comes first: what is appended after the look wakes. */
    private void look() {
        if (parked == null) {
            return;
        }
        woken.set(false);
        for (FetchedPartition each : parked) {
            each.partition().enterTailRoom(this);
        }
        if (isDue()) {
            answerAtLast();
        }
    }

    private boolean isDue() {
        long bytes = 0;
        for (FetchedPartition each : parked) {
            bytes += each.readableBytes();
            if (bytes >= minBytes || !fetcher.isStill(each)) {
                return true;
            }
        }
        return false;
    }

    /** With whatever there is by now. */
    private void answerAtLast() {
        if (parked != null) {
            leave();
            answer(fetcher.fetch(scope.wanted()));
        }
    }

    private void drop() {
        if (parked != null) {
            leave();
            exchange.answer(Answer.NONE);
        }
    }

    private void leave() {
        for (FetchedPartition each : parked) {
            each.partition().leaveTailRoom(this);
        }
        parked = null;
    }

    private void answer(List<FetchedPartition> found) {
        ByteBuf body;
        try {
            body = scope.answer(found);
        } finally {
            found.forEach(FetchedPartition::release);
        }
        exchange.answer(new Answer.Bytes(body));
    }
}
