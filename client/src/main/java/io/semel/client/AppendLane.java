package io.semel.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.agrona.concurrent.EpochClock;
import org.apache.kafka.common.errors.RecordTooLargeException;

import io.semel.client.runtime.KafkaErrors;
import io.semel.client.runtime.Waiting;
import io.semel.log.Append;
import io.semel.log.DirectClaim;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;

/**
 * One producer's way into one partition: encodes records into a batch of its own and appends the batch with one copy.
 *
 * <p>Thread rule: one thread at a time. No allocation once the batch buffer has grown.
 */
final class AppendLane {
    /** Kafka's default {@code batch.size}: the CRC and the claim are then paid once for many records. */
    static final int BATCH_BYTES = 16 << 10;

    /**
     * Back-pressure ends within a copy or an extension of the file; only a full disk takes longer, and says so itself.
     */
    private static final Duration BACK_PRESSURE_TIMEOUT = Duration.ofSeconds(60);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private PartitionWriter writer;
    private final RecordBatchWriter batch;
    private final EpochClock clock;
    private final Numbering numbering;
    private final short epoch;
    private final UnaryOperator<PartitionWriter> renewal;
    private long batchTimestampMs;
    private int nextSequence;
    private long ticket;
    /** A whole batch that was refused, for the next flush to try again: nothing is added to it any more. */
    private ByteBuffer refused = NOTHING;

    /** What the batches of a lane carry beside their records. */
    enum Numbering {
        NONE, SEQUENCES, TRANSACTIONAL_SEQUENCES
    }

    /**
     * @param renewal a writer with another producer id in place of one whose id has expired; the same where there is
     * none
     */
    AppendLane(PartitionWriter writer, EpochClock clock, Numbering numbering, short epoch,
            UnaryOperator<PartitionWriter> renewal) {
        this.writer = writer;
        this.clock = clock;
        this.numbering = numbering;
        this.epoch = epoch;
        this.renewal = renewal;
        int limit = writer.partition().log().config().maxBatchBytes();
        this.batch = new RecordBatchWriter(Math.min(BATCH_BYTES, limit), limit);
        this.batchTimestampMs = -1;
    }

    PartitionWriter writer() {
        return writer;
    }

    /** Adds a record; a batch that has reached {@link #BATCH_BYTES} is appended first. */
    void add(byte[] key, byte[] value) {
        openBatch();
        if (isFullFor(lengthOf(key), lengthOf(value))) {
            flush();
            openBatch();
        }
        if (!batch.tryAppend(batchTimestampMs, key, value)) {
            throw tooLarge(lengthOf(key), lengthOf(value));
        }
    }

    /** As {@link #add(byte[], byte[])}, from slices; a length of -1 is null. */
    void add(ByteBuffer key, int keyPosition, int keyLength, ByteBuffer value, int valuePosition, int valueLength) {
        openBatch();
        if (isFullFor(keyLength, valueLength)) {
            flush();
            openBatch();
        }
        if (!batch.tryAppend(batchTimestampMs, key, keyPosition, keyLength, value, valuePosition, valueLength)) {
            throw tooLarge(keyLength, valueLength);
        }
    }

    /**
     * Whether the open batch could pass its size with one more record, by a bound that costs less to know than the
     * size.
     */
    private boolean isFullFor(int keyLength, int valueLength) {
        return batch.recordCount() > 0
                && (long) batch.sizeInBytes() + RecordBatchWriter.MAX_RECORD_OVERHEAD + keyLength
                        + valueLength > BATCH_BYTES;
    }

    private static int lengthOf(byte[] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    /** All records of a batch bear the time at which it was begun: one look at the clock each. */
    private void openBatch() {
        if (refused != NOTHING) {
            flush();
        }
        if (batchTimestampMs >= 0) {
            return;
        }
        batchTimestampMs = clock.time();
        batch.begin(batchTimestampMs);
        switch (numbering) {
            case NONE -> {
                // A plain batch has no producer.
            }
            case SEQUENCES -> batch.producer(producerId(), epoch, nextSequence);
            case TRANSACTIONAL_SEQUENCES -> batch.producer(producerId(), epoch, nextSequence).asTransactional();
        }
    }

    private long producerId() {
        return writer.producer().identity().producerId();
    }

    /** Appends what was added, or throws and keeps it for the next flush; returns the ticket of the last append. */
    long flush() {
        if (batchTimestampMs < 0 || batch.recordCount() == 0) {
            return ticket;
        }
        int recordCount = batch.recordCount();
        ByteBuffer encoded = refused == NOTHING ? batch.finish() : refused;
        // Stays so unless the batch is taken, by whatever way this is left.
        refused = encoded;
        long code = append(encoded);
        if (code == Refusal.UNKNOWN_PRODUCER && isRenewed()) {
            RecordBatchWriter.resequence(encoded, encoded.position(), producerId(), epoch, nextSequence);
            code = append(encoded);
        }
        if (code < 0) {
            throw KafkaErrors.refused(code, writer, encoded);
        }
        drop();
        nextSequence = RecordBatchLayout.lastSequence(nextSequence, recordCount);
        ticket = code + recordCount;
        return ticket;
    }

    private long append(ByteBuffer encoded) {
        long code = writer.append(encoded);
        return code == Append.BACK_PRESSURED ? appendLater(encoded) : code;
    }

    /** Whoever was idle for too long goes on with another id (KIP-360): what was refused was not written. */
    private boolean isRenewed() {
        PartitionWriter before = writer;
        if (before.producer().identity().isExpired()) {
            writer = renewal.apply(before);
        }
        if (writer == before) {
            return false;
        }
        nextSequence = 0;
        return true;
    }

    private long appendLater(ByteBuffer encoded) {
        Waiting waiting = Waiting.upTo(BACK_PRESSURE_TIMEOUT, "room in " + writer.partition().id());
        return waiting.appendUntilTaken(() -> writer.append(encoded));
    }

    /** Claims room for one record, which is written in place. */
    void claim(DirectClaim claim, byte[] keyOrNull, int valueLength) {
        long nowMs = clock.time();
        long code = claim.tryClaim(keyOrNull, valueLength, nowMs);
        if (code == Append.BACK_PRESSURED) {
            Waiting waiting = Waiting.upTo(BACK_PRESSURE_TIMEOUT, "room in " + writer.partition().id());
            code = waiting.appendUntilTaken(() -> claim.tryClaim(keyOrNull, valueLength, nowMs));
        }
        if (code < 0) {
            throw KafkaErrors.unavailable(code, writer.partition());
        }
    }

    /** Notes an append that did not come through this lane's batch, so that it is awaited too. */
    long noteTicket(long appended) {
        ticket = Math.max(ticket, appended);
        return appended;
    }

    /** Waits until all that was flushed is acknowledged. */
    void awaitAcknowledged() {
        Partition partition = writer.partition();
        if (partition.acknowledgedOffset() >= ticket) {
            return;
        }
        Waiting waiting = Waiting.upTo(BACK_PRESSURE_TIMEOUT, "acknowledgement by " + partition.id());
        partition.helpAcknowledge();
        while (partition.acknowledgedOffset() < ticket) {
            if (partition.log().failure() != null) {
                throw KafkaErrors.unavailable(Append.OFFLINE, partition);
            }
            waiting.pause();
            partition.helpAcknowledge();
        }
    }

    /** Forgets records that were added and not appended. */
    void drop() {
        refused = NOTHING;
        batchTimestampMs = -1;
    }

    private RecordTooLargeException tooLarge(int keyLength, int valueLength) {
        return new RecordTooLargeException("record too large: partition=" + writer.partition().id() + " keyBytes="
                + keyLength + " valueBytes=" + valueLength + " limit="
                + writer.partition().log().config().maxBatchBytes() + " (max.message.bytes); it was not added");
    }
}
