package io.semel.server.network.produce;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.semel.log.TailWaiter;
import io.semel.server.network.request.Answer;
import io.semel.server.network.request.Exchange;

/**
 * One Produce request under way: answered once all of its batches are refused or acknowledged, or its time is up.
 *
 * <p>Invariant: nothing is answered as written before its partition has acknowledged it (L1); acks=1 is no weaker,
 * since there is one replica.
 *
 * <p>Thread rule: the event loop of its connection, but for {@link #wake()}.
 */
final class Producing implements TailWaiter {
    /** Whatever clients say: what is not acknowledged by then, a broken disk holds. */
    private static final int MAX_TIMEOUT_MS = 300_000;

    /** A request that waits looks at least so often, whoever wakes it: for its timeout, and for a client that left. */
    private static final long LOOK_MS = 250;

    private final Exchange exchange;
    private final ByteBuffer body;
    private final ProduceRequest request;
    private final TransactionGate gate;
    private final List<PartitionAppend> appends = new ArrayList<>(1);
    private final long startNs = System.nanoTime();
    private final AtomicBoolean woken = new AtomicBoolean();
    private int undecided;
    private boolean isLooking;
    private boolean isAnswered;

    Producing(Exchange exchange, ByteBuffer body, ProduceRequest request, TransactionGate gate) {
        this.exchange = exchange;
        this.body = body;
        this.request = request;
        this.gate = gate;
    }

    void add(PartitionAppend append) {
        appends.add(append);
    }

    List<PartitionAppend> appends() {
        return appends;
    }

    Exchange exchange() {
        return exchange;
    }

    ByteBuffer body() {
        return body;
    }

    short version() {
        return exchange.version();
    }

    TransactionGate gate() {
        return gate;
    }

    boolean isAbandoned() {
        return exchange.isAbandoned();
    }

    boolean isOlderThan(long ms) {
        return System.nanoTime() - startNs >= TimeUnit.MILLISECONDS.toNanos(ms);
    }

    boolean isLate() {
        return isOlderThan(Math.min(request.timeoutMs(), MAX_TIMEOUT_MS));
    }

    /** One of its batches must come again. */
    void postpone() {
        undecided++;
    }

    /** One of those is appended or refused now. */
    void decided() {
        undecided--;
        answerIfDecided();
    }

    void answerIfDecided() {
        if (undecided > 0 || isAnswered) {
            return;
        }
        if (request.acks() == ProduceRequest.NO_ANSWER || isAbandoned() || isSettled()) {
            answer();
            return;
        }
        appends.forEach(PartitionAppend::askToBeWoken);
        if (isSettled()) {
            answer();
        } else if (!isLooking) {
            isLooking = true;
            exchange.runLater(this::lookAfterAWhile, LOOK_MS);
        }
    }

    /** All are asked, so that each notes what it finds. */
    private boolean isSettled() {
        boolean settled = true;
        for (PartitionAppend append : appends) {
            settled &= append.isSettled();
        }
        return settled;
    }

    /** By the thread that moved a partition on. */
    @Override
    public void wake() {
        if (!exchange.isAbandoned() && woken.compareAndSet(false, true)) {
            exchange.runLater(this::look, 0);
        }
    }

    private void look() {
        woken.set(false);
        if (isAnswered || undecided > 0) {
            return;
        }
        if (isLate()) {
            appends.forEach(PartitionAppend::timeOut);
        }
        answerIfDecided();
    }

    private void lookAfterAWhile() {
        isLooking = false;
        look();
    }

    private void answer() {
        isAnswered = true;
        if (isAbandoned()) {
            exchange.answer(Answer.NONE);
        } else if (request.acks() == ProduceRequest.NO_ANSWER) {
            endUnanswered();
        } else {
            List<Outcome> outcomes = appends.stream().map(PartitionAppend::outcome).toList();
            exchange.answer(new Answer.Bytes(ProduceResponse.encode(version(), request, outcomes)));
        }
    }

    /** Who wants no answer learns of a failure by losing the connection, and asks where the partitions are. */
    private void endUnanswered() {
        for (PartitionAppend append : appends) {
            if (append.isRefused()) {
                exchange.fail(new IOException("a batch without acknowledgement was refused: " + append.outcome()));
                break;
            }
        }
        exchange.answer(Answer.NONE);
    }
}
