package io.semel.client.producer;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import io.semel.log.Append;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;

/**
 * What one producer has under way to one partition: records that wait, the batch that they are encoded into, and
 * batches that stand in the log but are not acknowledged.
 *
 * <p>Invariants: one batch at a time is sealed and not appended, and it is offered until it is taken, refused for good,
 * or expired, so records stand in the log in the order in which they were sent. A sequence is used up only by an append
 * that succeeded: an append that returns a code wrote nothing (I1, I2).
 *
 * <p>Thread rule: the sender thread.
 */
final class Lane {
    /** Grows to the size of the batches; ten thousand quiet partitions must not cost a batch each. */
    private static final int INITIAL_BATCH_BYTES = 1024;

    /**
     * Without lingering a batch goes when the queue is empty; under a flood that never comes, so it goes after this.
     */
    private static final long LONGEST_WITHOUT_LINGER_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** The wait of a lane that should be worked on again after a short idle. */
    static final long SOON = 0;

    private static final long OFFSET_NOT_TOLD = -1;

    private final Partition partition;
    private final TopicPartition topicPartition;
    private final ProducerSettings settings;
    private final BatchAuthor author;
    private final Deliveries deliveries;
    private final long lingerNs;
    /** The topic's limit of a batch as it stands in the log. */
    private final int maxBatchBytes;
    private final RecordBatchWriter encoder;
    private final ArrayDeque<PendingRecord> waiting = new ArrayDeque<>();
    private final ArrayDeque<AppendedBatch> unacknowledged = new ArrayDeque<>();
    private List<PendingRecord> batch = new ArrayList<>();
    private PartitionWriter writer;
    /** The finished batch, lent by the encoder; null while it is open. */
    private ByteBuffer sealed;
    private int uncompressedBytes;
    private int nextSequence;
    private int refusals;
    private long retryAtNs;
    private boolean isBlocked;
    private boolean isClosed;

    Lane(Partition partition, ProducerSettings settings, BatchAuthor author, Deliveries deliveries) {
        this.partition = partition;
        this.topicPartition = new TopicPartition(partition.id().topic(), partition.id().partition());
        this.settings = settings;
        this.author = author;
        this.deliveries = deliveries;
        this.lingerNs = Math.max(settings.lingerNs, LONGEST_WITHOUT_LINGER_NS);
        this.maxBatchBytes = partition.log().config().maxBatchBytes();
        this.encoder = new RecordBatchWriter(INITIAL_BATCH_BYTES, settings.maxPlainBatchBytes(maxBatchBytes),
                settings.compression);
    }

    Partition partition() {
        return partition;
    }

    /** Whether nothing is under way. */
    boolean isQuiet() {
        return batch.isEmpty() && waiting.isEmpty() && unacknowledged.isEmpty();
    }

    /** Whether the partition is closed for good. */
    boolean isClosed() {
        return isClosed;
    }

    void add(PendingRecord record) {
        waiting.add(record);
    }

    /** Encodes, appends what is due, reports what is acknowledged. Returns how much was done. */
    int work(long nowNs, Cut cut) {
        int done = 0;
        isBlocked = false;
        encodeWaiting();
        while (!isBlocked && isDue(nowNs, cut)) {
            done += send(nowNs);
            encodeWaiting();
        }
        return done + acknowledge(nowNs);
    }

    private void encodeWaiting() {
        PendingRecord next = waiting.peek();
        while (next != null && sealed == null && hasRoomFor(next)) {
            if (batch.isEmpty()) {
                encoder.begin(next.timestampMs());
            }
            if (next.encodeInto(encoder)) {
                batch.add(next);
            } else if (batch.isEmpty()) {
                deliveries.fail(List.of(next), new RecordTooLargeException("record of " + next.sizeInBytes()
                        + " bytes does not fit into a batch of " + partition));
            } else {
                return;
            }
            waiting.remove();
            next = waiting.peek();
        }
    }

    /**
     * {@code batch.size} is where a batch, not compressed yet, stops growing, or the topic's limit; a single record may
     * be larger. So a batch that is too large once it is compressed never has to be split.
     */
    private boolean hasRoomFor(PendingRecord record) {
        return batch.isEmpty() || encoder.sizeInBytes() + (long) record.sizeInBytes()
                - RecordBatchLayout.HEADER_LENGTH <= Math.min(settings.batchBytes, maxBatchBytes);
    }

    private boolean isDue(long nowNs, Cut cut) {
        // What still waits after encoding found the batch full.
        return !batch.isEmpty() && (sealed != null || !waiting.isEmpty() || cut == Cut.NOW
                || nowNs - batch.get(0).sentNs() >= lingerNs);
    }

    private int send(long nowNs) {
        long code;
        try {
            if (isResting(nowNs) || sealed == null && !seal()) {
                return block(Append.BACK_PRESSURED, nowNs);
            }
            code = writer.append(sealed);
            if (code == Refusal.UNKNOWN_PRODUCER && isOverruled()) {
                return block(Append.BACK_PRESSURED, nowNs);
            }
        } catch (KafkaException e) {
            failBatch(e);
            return 1;
        }
        if (code >= 0) {
            // What came after the round began has not waited at all.
            deliveries.appended(sealed.remaining(), uncompressedBytes, Math.max(0, nowNs - batch.get(0).sentNs()));
            appended(code);
            return 1;
        }
        if (code == Append.BACK_PRESSURED) {
            return block(code, nowNs);
        }
        if (code == Append.DISK_FULL && refusals < settings.retries) {
            refusals++;
            deliveries.retry(batch);
            retryAtNs = nowNs + settings.retryBackoffNs;
            return block(code, nowNs);
        }
        failBatch(refusal(code));
        return 1;
    }

    private boolean seal() {
        PartitionWriter current = author.writerTo(partition, writer);
        if (current == null) {
            return false;
        }
        use(current);
        author.sign(encoder, nextSequence);
        uncompressedBytes = encoder.sizeInBytes();
        sealed = encoder.finish();
        if (sealed.remaining() > maxBatchBytes) {
            throw new RecordTooLargeException("record too large: partition=" + partition.id() + " bytes="
                    + sealed.remaining() + ", compressed from " + uncompressedBytes
                    + ", limit is the topic's max.message.bytes=" + maxBatchBytes);
        }
        return true;
    }

    /** Whether the author writes with another id by now, which the batch bears then, or will soon. */
    private boolean isOverruled() {
        PartitionWriter current = author.writerTo(partition, writer);
        if (current == writer) {
            return false;
        }
        if (current != null) {
            use(current);
            author.signAgain(sealed, nextSequence);
        }
        return true;
    }

    private void use(PartitionWriter current) {
        if (current != writer) {
            writer = current;
            nextSequence = 0;
        }
    }

    /** After the disk was full, not every round asks it again. */
    private boolean isResting(long nowNs) {
        return refusals > 0 && nowNs - retryAtNs < 0;
    }

    private KafkaException refusal(long code) {
        if (code == Append.CLOSED) {
            isClosed = true;
            return new UnknownTopicOrPartitionException("partition is closed: " + partition.id()
                    + "; its topic was deleted, or its directory closed");
        }
        return author.refused(code, writer, sealed);
    }

    private void appended(long baseOffset) {
        List<PendingRecord> records = batch;
        nextSequence = nextSequence + records.size() & Integer.MAX_VALUE;
        startNextBatch();
        if (settings.report == ProducerSettings.Report.APPENDED) {
            deliveries.succeed(records, topicPartition, OFFSET_NOT_TOLD);
        } else {
            unacknowledged.add(new AppendedBatch(records, baseOffset, baseOffset + records.size()));
            partition.wantAcknowledgement();
        }
    }

    private void startNextBatch() {
        batch = new ArrayList<>();
        sealed = null;
        refusals = 0;
    }

    private void failBatch(KafkaException why) {
        List<PendingRecord> records = batch;
        startNextBatch();
        deliveries.fail(records, why);
    }

    /** The batch stays where it is, unless its time is over. */
    private int block(long code, long nowNs) {
        if (nowNs - batch.get(0).sentNs() > settings.deliveryTimeoutNs) {
            failBatch(new TimeoutException(batch.size() + " record(s) for " + partition.id() + " not written within "
                    + TimeUnit.NANOSECONDS.toMillis(settings.deliveryTimeoutNs) + " ms (delivery.timeout.ms), refused "
                    + refusals + " times for want of disk, last: " + Append.describe(code)
                    + "; nothing of them was written"));
            return 1;
        }
        isBlocked = true;
        return 0;
    }

    private int acknowledge(long nowNs) {
        int done = 0;
        AppendedBatch next = unacknowledged.peek();
        while (next != null && settle(next, nowNs)) {
            done++;
            next = unacknowledged.peek();
        }
        return done;
    }

    private boolean settle(AppendedBatch appended, long nowNs) {
        // The failure is read first: once it is set the acknowledged offset moves no more, so what follows is final.
        Throwable failure = partition.log().failure();
        if (partition.acknowledgedOffset() >= appended.ticket()) {
            unacknowledged.remove();
            deliveries.succeed(appended.records(), topicPartition, appended.baseOffset());
            return true;
        }
        String outcome = "appended to " + partition.id() + " at offset " + appended.baseOffset()
                + " but not acknowledged, it may or may not be found there";
        if (failure != null) {
            unacknowledged.remove();
            deliveries.fail(appended.records(), new KafkaStorageException("partition offline: " + outcome, failure));
            return true;
        }
        if (nowNs - appended.sentNs() > settings.deliveryTimeoutNs) {
            unacknowledged.remove();
            deliveries.fail(appended.records(), new TimeoutException("delivery.timeout.ms is over: " + outcome));
            return true;
        }
        return false;
    }

    /** How long the sender may sleep for this lane's sake. */
    long waitNs(long nowNs) {
        if (!unacknowledged.isEmpty()) {
            return SOON;
        }
        if (batch.isEmpty()) {
            return SendQueue.FOR_EVER;
        }
        if (isBlocked) {
            return isResting(nowNs) ? retryAtNs - nowNs : SOON;
        }
        return Math.max(SOON, batch.get(0).sentNs() + lingerNs - nowNs);
    }

    /** Fails what is not in the log yet. */
    void dropUnsent(KafkaException why) {
        List<PendingRecord> records = batch;
        records.addAll(waiting);
        waiting.clear();
        startNextBatch();
        deliveries.fail(records, why);
    }

    /** Fails everything, also what only lacks its acknowledgement. */
    void dropAll(KafkaException why) {
        dropUnsent(why);
        while (!unacknowledged.isEmpty()) {
            deliveries.fail(unacknowledged.remove().records(), why);
        }
    }
}
