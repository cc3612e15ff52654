package io.semel.server.network;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * Bytes that were read from all connections and are not answered yet, and who reads no more because they are too many:
 * these come back in the order in which they were stopped.
 *
 * <p>The bytes of a request that is not whole yet are freed by nobody but its own client. So whoever stops within a
 * request waits apart, and while such beginnings hold most of the room, one of them at a time, the favoured one, reads
 * on past the limit until its request is whole: there is always something that the others wait for with reason. What is
 * held stays below one and a half times the limit, one request, and one read of each connection.
 *
 * <p>Thread rule: any event loop.
 */
final class QueuedBytes {
    private static final int QUEUE_CHUNK = 256;

    private final long limitBytes;
    private final AtomicLong held = new AtomicLong();
    /** Of these, what is whole and will be freed by its answer. */
    private final AtomicLong whole = new AtomicLong();
    private final Queue<Inflow> within = new MpscUnboundedVarHandleArrayQueue<>(QUEUE_CHUNK);
    private final Queue<Inflow> between = new MpscUnboundedVarHandleArrayQueue<>(QUEUE_CHUNK);
    private final AtomicReference<Inflow> favoured = new AtomicReference<>();
    /** The queues' one consumer holds it. */
    private final AtomicBoolean baton = new AtomicBoolean();

    QueuedBytes(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    long limitBytes() {
        return limitBytes;
    }

    long heldBytes() {
        return held.get();
    }

    void hold(long bytes) {
        held.addAndGet(bytes);
    }

    boolean isFull() {
        return held.get() >= limitBytes;
    }

    /** Whether {@code flow}, which stands within a request, may read on though too much is held. */
    boolean favours(Inflow flow) {
        return favoured.get() == flow || beginningsHoldMost() && favoured.compareAndSet(null, flow);
    }

    private boolean beginningsHoldMost() {
        return whole.get() < limitBytes / 2;
    }

    /** The flow reads no more until it is told to. */
    void pause(Inflow flow) {
        (flow.isWithinRequest() ? within : between).add(flow);
        // What was freed in between has looked for the flow in vain.
        wake();
    }

    /** A request of the flow is whole; {@link #answered} frees it. */
    void whole(Inflow flow, long bytes) {
        whole.addAndGet(bytes);
        favoured.compareAndSet(flow, null);
        wake();
    }

    void answered(long bytes) {
        whole.addAndGet(-bytes);
        held.addAndGet(-bytes);
        wake();
    }

    /** The flow is at its end, and so many bytes of a request that will never be whole go with it. */
    void end(Inflow flow, long partialBytes) {
        held.addAndGet(-partialBytes);
        favoured.compareAndSet(flow, null);
        wake();
    }

    /** Looks again after it let the baton go: who came in between and did not get it counts on that. */
    private void wake() {
        while (isSomebodyToWake() && baton.compareAndSet(false, true)) {
            try {
                wakeNext();
            } finally {
                baton.set(false);
            }
        }
    }

    private boolean isSomebodyToWake() {
        if (isFull()) {
            return favoured.get() == null && beginningsHoldMost() && !within.isEmpty();
        }
        return !within.isEmpty() || !between.isEmpty();
    }

    private void wakeNext() {
        if (!isFull()) {
            Inflow next = within.isEmpty() ? between.poll() : within.poll();
            if (next != null) {
                next.resume();
            }
            return;
        }
        Inflow next = within.poll();
        if (next == null) {
            return;
        }
        favoured.compareAndSet(null, next);
        if (!next.resume()) {
            favoured.compareAndSet(next, null);
        }
    }
}
