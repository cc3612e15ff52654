package io.semel.verify.realdisk.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.DirectClaim;
import io.semel.log.Durability;
import io.semel.log.Log;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;

/**
 * One author: appends batches, or records in place of which it gives some up, and writes down what was acknowledged.
 * What is refused is tried again as it is.
 *
 * <p>Thread rule: one thread.
 */
final class Appending {
    /** A few batches in flight, as a producer has them. */
    private static final int MAX_PENDING = 8;

    private static final int PERCENT_DIRECT = 30;
    private static final int PERCENT_ABORTED = 15;
    private static final int PERCENT_HELD = 2;
    private static final int PERCENT_WAITING = 30;
    private static final int PERCENT_FORCING = 20;

    private static final long HOLD_NS = 50_000;
    private static final long FULL_PAUSE_NS = 2_000_000;
    private static final long BUSY_PAUSE_NS = 200_000;
    private static final long EARLY_PAUSE_NS = 1_000_000;

    private final OpenPartition partition;
    private final Log log;
    private final AcknowledgementFile told;
    private final SplittableRandom random;
    private final Weakness weakness;
    private final long maxPauseNs;
    private final DirectClaim direct;
    private final Claim claim = new Claim();
    private final RecordBatchWriter writer = new RecordBatchWriter(1024, 60 << 10);
    private final ByteBuffer key = ByteBuffer.allocate(Content.KEY_LENGTH);
    private final ArrayDeque<Acknowledged> pending = new ArrayDeque<>();
    private long sequence;
    /** Encoded and not yet taken; null when there is none. */
    private ByteBuffer batch;

    private Appending(OpenPartition partition, AcknowledgementFile told, SplittableRandom random, Weakness weakness,
            long maxPauseNs) {
        this.partition = partition;
        this.log = partition.log();
        this.told = told;
        this.random = random;
        this.weakness = weakness;
        this.maxPauseNs = maxPauseNs;
        this.direct = new DirectClaim(log);
    }

    static Appending begin(OpenPartition partition, Path witness, int life, int thread, SplittableRandom random,
            Weakness weakness, long maxPauseNs) throws IOException {
        long author = Content.author(life, partition.number(), thread);
        return new Appending(partition, AcknowledgementFile.create(witness, author), random, weakness, maxPauseNs);
    }

    /** One append; false when the partition takes no more. */
    boolean step() throws IOException {
        if (partition.isOffline()) {
            takeAcknowledged();
            return false;
        }
        long code = batch == null && random.nextInt(100) < PERCENT_DIRECT ? appendInPlace() : appendBatch();
        if (code >= 0) {
            partition.accepted();
            if (pending.size() >= MAX_PENDING || random.nextInt(100) < PERCENT_WAITING) {
                awaitAcknowledged();
            }
            pause(maxPauseNs == 0 ? 0 : random.nextLong(maxPauseNs));
        } else if (code == Append.DISK_FULL) {
            partition.refused();
            awaitAcknowledged();
            pause(FULL_PAUSE_NS);
        } else if (code == Append.BACK_PRESSURED || code == Append.OFFLINE) {
            pause(BUSY_PAUSE_NS);
        } else {
            throw new BrokenPromiseException("L5: an append is answered " + Append.describe(code) + ": " + log);
        }
        return true;
    }

    private static void pause(long pauseNs) {
        if (pauseNs > 0) {
            LockSupport.parkNanos(pauseNs);
        }
    }

    private long appendInPlace() {
        int length = Content.valueLength(told.author(), sequence);
        long offset = direct.tryClaim(Content.putKey(key, told.author(), sequence, 0, 1).array(), length, 1);
        if (offset < 0) {
            return offset;
        }
        if (random.nextInt(100) < PERCENT_HELD) {
            pause(HOLD_NS);
        }
        if (random.nextInt(100) < PERCENT_ABORTED) {
            direct.abort();
            return offset;
        }
        ByteBuffer value = direct.value();
        value.put(value.position(), Content.pool(), Content.poolPosition(told.author(), sequence), length);
        direct.commit();
        await(offset, 1);
        return offset;
    }

    private long appendBatch() throws IOException {
        if (batch == null) {
            batch = encode();
        }
        int count = RecordBatchLayout.lastOffsetDelta(batch, batch.position()) + 1;
        long offset = weakness == Weakness.EARLY ? appendTooLate(count) : log.append(claim, batch);
        if (offset >= 0) {
            batch = null;
            await(offset, count);
        }
        return offset;
    }

    private ByteBuffer encode() {
        writer.begin(1);
        int count = 1 + random.nextInt(Content.MAX_RECORDS);
        for (int index = 0; index < count; index++) {
            long at = sequence + index;
            Content.putKey(key, told.author(), at, index, count);
            writer.tryAppend(1, key, 0, Content.KEY_LENGTH, Content.pool(), Content.poolPosition(told.author(), at),
                    Content.valueLength(told.author(), at));
        }
        return writer.finish();
    }

    private long appendTooLate(int count) throws IOException {
        long offset = log.tryClaim(claim, count, batch.remaining());
        if (offset >= 0) {
            told.add(offset, sequence, count);
            pause(EARLY_PAUSE_NS);
            log.fillAndPublish(claim, batch, batch.position());
        }
        return offset;
    }

    private void await(long offset, int count) {
        pending.add(new Acknowledged(told.author(), offset, sequence, count));
        sequence += count;
    }

    /** In POWER now and then by a force of its own, else by the flusher's. */
    private void awaitAcknowledged() throws IOException {
        while (!takeAcknowledged() && !partition.isOffline()) {
            if (log.config().durability() == Durability.POWER && random.nextInt(100) < PERCENT_FORCING) {
                log.tryForce();
            } else {
                log.wantForce();
            }
            pause(BUSY_PAUSE_NS);
        }
    }

    /** Writes down what is acknowledged by now; false while something is not. */
    private boolean takeAcknowledged() throws IOException {
        long acknowledged = log.acknowledgedOffset();
        while (!pending.isEmpty() && pending.peek().offset() + pending.peek().count() <= acknowledged) {
            Acknowledged next = pending.poll();
            told.add(next.offset(), next.sequence(), next.count());
        }
        return pending.isEmpty();
    }

    void end() throws IOException {
        awaitAcknowledged();
        told.close();
    }
}
