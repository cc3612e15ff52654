package io.semel.client.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

import io.semel.client.runtime.Waiting;

/**
 * The way from any thread to the sender thread, bounded in bytes and in count.
 *
 * <p>A sleeping sender never misses a put. Putting moves the queue's producer index (compare-and-set) and then reads
 * {@link #asleep}; going to sleep writes {@code asleep} and then reads the producer index. All four are volatile, so in
 * their total order either the put reads {@code asleep} and unparks, or the sender reads the moved index and stays
 * awake. {@link #hasten} and {@link #hastened} are the same argument with the flag in place of the index, and so are a
 * put and {@link #ended}: nothing is left in the queue unreported after the sender is gone.
 *
 * <p>Thread rule: putting, hastening and ending by any thread; {@link #bind}, {@link #take}, {@link #takeHaste} and
 * {@link #sleep} by the sender thread.
 */
final class SendQueue {
    /**
     * A few milliseconds of records at full speed; more would only wait elsewhere. {@code buffer.memory} bounds bytes.
     */
    static final int CAPACITY = 1 << 13;

    /** Sleep until woken. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private final MpscVarHandleArrayQueue<Enqueued> queue = new MpscVarHandleArrayQueue<>(CAPACITY);
    /** What the sender thread itself puts, out of callbacks: it must never wait for itself. */
    private final ArrayDeque<Enqueued> ownItems = new ArrayDeque<>();
    private final BufferMemory memory;
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final AtomicBoolean hastened = new AtomicBoolean();
    private volatile Thread sender;
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile Consumer<Enqueued> refuse = item -> {
    };

    SendQueue(BufferMemory memory) {
        this.memory = memory;
    }

    /** Names the thread that takes. */
    void bind(Thread thread) {
        sender = thread;
    }

    boolean isSenderThread() {
        return Thread.currentThread() == sender;
    }

    /** @throws KafkaException when a callback makes a call that would wait for the thread that it runs on */
    void refuseSenderThread(String call) {
        if (isSenderThread()) {
            throw new KafkaException(call + " can't be called from a callback: it would wait for itself");
        }
    }

    /**
     * Puts a record, waiting for room.
     *
     * @throws BufferExhaustedException when there is none in time
     */
    void put(PendingRecord record, Duration maxBlock) {
        int bytes = record.sizeInBytes();
        if (isSenderThread()) {
            if (!memory.tryReserve(bytes)) {
                throw exhausted(bytes, Duration.ZERO);
            }
            record.sent(System.nanoTime());
            ownItems.add(record);
        } else if (!tryPut(record, bytes)) {
            putWaiting(record, bytes, maxBlock);
        }
    }

    /** Puts a command, waiting for room. */
    void put(Command command, Duration maxBlock) {
        if (!tryPut(command, 0)) {
            putWaiting(command, 0, maxBlock);
        }
    }

    /** Puts a command from the sender thread itself, which can't wait for room. */
    void putOwn(Command command) {
        if (!tryPut(command, 0)) {
            ownItems.add(command);
        }
    }

    private void putWaiting(Enqueued item, int bytes, Duration maxBlock) {
        long startNs = System.nanoTime();
        memory.waitBegins();
        try {
            awaitRoom(item, bytes, maxBlock);
        } finally {
            memory.waitEnds(System.nanoTime() - startNs);
        }
    }

    private void awaitRoom(Enqueued item, int bytes, Duration maxBlock) {
        Waiting waiting = Waiting.upTo(maxBlock, "room in the producer's buffer");
        do {
            // Lingering batches hold the memory that this caller waits for.
            hasten();
            try {
                waiting.pause();
            } catch (TimeoutException e) {
                throw exhausted(bytes, maxBlock);
            }
            if (closed && item instanceof PendingRecord) {
                throw new KafkaException("producer closed while a send waited for room");
            }
        } while (!tryPut(item, bytes));
    }

    private BufferExhaustedException exhausted(int bytes, Duration waited) {
        memory.noteExhausted();
        return new BufferExhaustedException("no room after " + waited.toMillis() + " ms (max.block.ms): needed="
                + bytes + " bytes, available=" + memory.availableBytes() + " of " + memory.totalBytes()
                + " (buffer.memory), queued=" + queue.size() + " of " + CAPACITY
                + "; records come faster than they are written");
    }

    private boolean tryPut(Enqueued item, int bytes) {
        if (!memory.tryReserve(bytes)) {
            return false;
        }
        if (item instanceof PendingRecord record) {
            record.sent(System.nanoTime());
        }
        if (!queue.offer(item)) {
            memory.release(bytes);
            return false;
        }
        wake();
        if (ended) {
            refuseLeftOvers();
        }
        return true;
    }

    /** Has the sender send what lingers. */
    void hasten() {
        if (!hastened.get()) {
            hastened.set(true);
        }
        wake();
    }

    private void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(sender);
        }
    }

    /** Nobody may wait for room any more. */
    void close() {
        closed = true;
    }

    /** The next item, or null when there is none: not even one that another thread is just putting. */
    Enqueued take() {
        Enqueued own = ownItems.poll();
        return own != null ? own : queue.poll();
    }

    /** Whether somebody hastened since the last time; what was put before that is in the queue now, or was taken. */
    boolean takeHaste() {
        return hastened.get() && hastened.getAndSet(false);
    }

    /** Sleeps until something is put or hastened, or the time is over. May return early. */
    void sleep(long waitNs) {
        asleep.set(true);
        if (queue.isEmpty() && ownItems.isEmpty() && !hastened.get()) {
            if (waitNs == FOR_EVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, waitNs);
            }
        }
        asleep.set(false);
        // A callback's interrupt is not ours: left set, every later park would return at once and burn a core.
        Thread.interrupted();
    }

    /** The sender thread is about to end: whatever is in the queue, or comes yet, goes to {@code refusal}. */
    void end(Consumer<Enqueued> refusal) {
        refuse = refusal;
        ended = true;
        refuseLeftOvers();
    }

    private synchronized void refuseLeftOvers() {
        Enqueued item = take();
        while (item != null) {
            refuse.accept(item);
            item = take();
        }
    }
}
