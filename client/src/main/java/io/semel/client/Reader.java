package io.semel.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import org.agrona.concurrent.IdleStrategy;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Waiting;
import io.semel.log.TailWaiter;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.RecordFilter;
import io.semel.log.memory.Region;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;

/**
 * The short way out of one partition: record by record over the mapped bytes, without copying. Each batch's CRC is
 * checked once.
 *
 * <p>Thread rule: one thread at a time, except {@link #close()}, by any thread: it waits for a poll under way, because
 * the bytes that a handler looks at must not be unmapped under it. What a handler is shown is valid until it returns.
 */
public final class Reader implements AutoCloseable {
    private static final RecordFilter ALL = each -> true;

    private final ClientRuntime runtime;
    private final Partition partition;
    private final PartitionReader reader;
    private final RecordCursor record = new RecordCursor();
    private RecordFilter filter = ALL;
    private final TailWaiter.Registration registration;
    /** Held while mapped bytes are looked at. */
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicReference<Runnable> readableCallback = new AtomicReference<>();
    private volatile Thread waiter;
    private volatile boolean woken;
    private volatile boolean closed;
    private long nextOffset;
    /** Goes up when a handler seeks or closes. Under {@link #reading}. */
    private long moves;
    /**
     * What a handler left that is still shown a record of it; given back when the outermost call ends. Under
     * {@link #reading}.
     */
    private final List<Region> left = new ArrayList<>(0);

    /** Takes one record. */
    @FunctionalInterface
    public interface RecordHandler {
        /**
         * The cursor stands on the record: its offset, timestamp, and where key, value and headers lie in the buffer.
         */
        void onRecord(RecordCursor record);
    }

    /** Takes one batch. */
    @FunctionalInterface
    public interface BatchHandler {
        void onBatch(RecordBatchView batch);
    }

    Reader(ClientRuntime runtime, Partition partition, Isolation isolation, long startOffset) {
        this.runtime = runtime;
        this.partition = partition;
        this.reader = partition.openReader(startOffset, isolation);
        this.registration = new TailWaiter.Registration(this::wake);
        boolean done = false;
        try {
            goTo(startOffset);
            runtime.register(this);
            done = true;
        } finally {
            if (!done) {
                // Its lease would keep the segment mapped for ever.
                reader.close();
            }
        }
    }

    /**
     * Hands over the records that can be read now. A record whose handler throws is handed over again by the next poll.
     * A handler may seek or close this reader: what it was shown stays there until it returns, and nothing more of that
     * batch follows. It may not poll: the rest of its batch would be passed over.
     *
     * @param maxBatches batches to take at most, 1 or more
     * @return the number of records
     */
    public int poll(RecordHandler handler, int maxBatches) {
        enterToPoll();
        boolean done = false;
        try {
            int records = 0;
            for (int batches = 0; batches < maxBatches && nextBatch(); batches++) {
                records += handOver(handler);
            }
            done = true;
            return records;
        } finally {
            leave(done);
        }
    }

    private int handOver(RecordHandler handler) {
        int records = 0;
        long shown = moves;
        record.wrap(reader.batch());
        while (!closed && record.next()) {
            long offset = record.offset();
            if (offset >= nextOffset) {
                if (isWanted() && moves == shown) {
                    handler.onRecord(record);
                    records++;
                }
                if (moves != shown) {
                    return records;
                }
                nextOffset = offset + 1;
            }
        }
        if (!closed) {
            nextOffset = Math.max(nextOffset, reader.nextOffset());
        }
        return records;
    }

    private boolean isWanted() {
        if (filter == ALL) {
            return true;
        }
        boolean wanted = filter.isWanted(record);
        record.rewindHeaders();
        return wanted;
    }

    /**
     * From now on only the records that {@code wanted} are handed over by {@link #poll}; the others are passed over
     * without being touched any further.
     */
    public void filter(RecordFilter wanted) {
        enter();
        filter = wanted;
        leave(true);
    }

    /**
     * For a handler of {@link #poll}: the record that it is shown, to be kept after it has returned.
     *
     * @return a slice that must be closed
     */
    public RecordSlice retain() {
        if (!reading.isHeldByCurrentThread()) {
            throw new IllegalStateException("nothing is shown: retain() is for a handler, while it is called");
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("the reader has moved: call retain() before seek or close");
        }
        return RecordSlice.of(record, reader.batch(), reader.lease());
    }

    /**
     * Hands over whole batches. The first one after a seek may begin with records below the offset sought. A batch
     * whose handler throws is handed over again by the next poll. For handlers the same holds as for those of
     * {@link #poll}.
     *
     * @return the number of batches
     */
    public int pollBatches(BatchHandler handler, int maxBatches) {
        enterToPoll();
        boolean done = false;
        try {
            int batches = 0;
            while (batches < maxBatches && nextBatch()) {
                long shown = moves;
                handler.onBatch(reader.batch());
                nextOffset = moves == shown ? reader.nextOffset() : nextOffset;
                batches++;
            }
            done = true;
            return batches;
        } finally {
            leave(done);
        }
    }

    private void enter() {
        reading.lock();
        if (closed) {
            reading.unlock();
            throw new IllegalStateException("reader is closed: " + partition.id());
        }
    }

    private void enterToPoll() {
        enter();
        if (reading.getHoldCount() > 1) {
            reading.unlock();
            throw new IllegalStateException("polled by its own handler: " + partition.id()
                    + "; poll again once this poll has returned");
        }
    }

    /** Called by a handler: it may look at its record again after this. */
    private void keepShown() {
        if (reading.getHoldCount() > 1) {
            left.add(reader.lease());
            moves++;
        }
    }

    private void unlock() {
        if (reading.getHoldCount() == 1) {
            left.forEach(Region::release);
            left.clear();
        }
        reading.unlock();
    }

    private void leave(boolean done) {
        try {
            if (!done && !closed) {
                reader.seek(nextOffset);
            }
        } finally {
            unlock();
        }
    }

    private boolean nextBatch() {
        if (closed) {
            return false;
        }
        if (!reader.next()) {
            nextOffset = Math.max(nextOffset, reader.nextOffset());
            return false;
        }
        if (!reader.batch().isCrcValid()) {
            throw new CorruptBatchException("bad CRC: partition=" + partition.id() + " " + reader.batch());
        }
        return true;
    }

    /** The offset of the next record to hand over. */
    public long nextOffset() {
        return nextOffset;
    }

    /** Goes to {@code offset}; one before the log's start goes to the start, one past its end to the end. */
    public void seek(long offset) {
        enter();
        try {
            keepShown();
            goTo(offset);
        } finally {
            leave(true);
        }
    }

    private void goTo(long offset) {
        long end = partition.readableOffset();
        reader.seek(offset);
        // Past the end there is nothing yet to be skipped: whatever comes next is handed over.
        nextOffset = offset < end ? Math.max(offset, partition.startOffset()) : reader.nextOffset();
    }

    /**
     * Waits by the given strategy until there may be something to read: one that spins answers soonest and burns a
     * core.
     *
     * @return as {@link #await(Duration)}
     */
    public boolean await(Duration timeout, IdleStrategy strategy) {
        requireOpen();
        long startNs = System.nanoTime();
        long timeoutNs = Waiting.saturatedNanos(timeout);
        strategy.reset();
        while (!reader.hasMore()) {
            if (closed || System.nanoTime() - startNs >= timeoutNs || Thread.currentThread().isInterrupted()) {
                return false;
            }
            strategy.idle();
        }
        return true;
    }

    /**
     * Has {@code callback} run once, when there may be something to read: now, by this thread, if there is already,
     * else by the thread that makes it readable, or closes this reader. It must not block, nor use this reader: it is
     * for handing work to another thread. Each reader has one callback or one waiting thread at a time.
     */
    public void whenReadable(Runnable callback) {
        requireOpen();
        readableCallback.set(callback);
        awaitForCallback();
    }

    private void awaitForCallback() {
        partition.wakeOnAdvance(registration);
        // Looked at again after the registration: an advance in between would otherwise be missed.
        if (closed || reader.hasMore()) {
            runCallback();
        }
    }

    private void runCallback() {
        Runnable callback = readableCallback.getAndSet(null);
        if (callback != null) {
            callback.run();
        }
    }

    /**
     * Waits without burning a core until there may be something to read.
     *
     * @return false when the time was over first, the thread was interrupted, or another one closed the reader
     */
    public boolean await(Duration timeout) {
        requireOpen();
        long startNs = System.nanoTime();
        long timeoutNs = Waiting.saturatedNanos(timeout);
        waiter = Thread.currentThread();
        try {
            while (!reader.hasMore()) {
                woken = false;
                partition.wakeOnAdvance(registration);
                // Looked at again after the registration: an advance in between would otherwise be missed.
                long leftNs = timeoutNs - (System.nanoTime() - startNs);
                if (reader.hasMore()) {
                    break;
                }
                if (closed || leftNs <= 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                if (!woken) {
                    LockSupport.parkNanos(this, leftNs);
                }
            }
            return true;
        } finally {
            waiter = null;
            if (closed) {
                // It may have been listed again after the one who closes took it off.
                partition.stopWaking(registration);
            }
        }
    }

    private void wake() {
        woken = true;
        LockSupport.unpark(waiter);
        if (readableCallback.get() != null) {
            // Again, if what woke it is nothing that this isolation may see yet.
            awaitForCallback();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("reader is closed: " + partition.id());
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            wake();
            partition.stopWaking(registration);
            reading.lock();
            try {
                keepShown();
                reader.close();
            } finally {
                unlock();
                runtime.unregister(this);
            }
        }
    }
}
