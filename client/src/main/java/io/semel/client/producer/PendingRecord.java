package io.semel.client.producer;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.partition.Partition;

/**
 * One record on its way, and the future that its sender holds.
 *
 * <p>Thread rule: made by the caller, then the sender thread's; the methods of {@link Future} are for any thread.
 * Completion and a waiter can't miss each other: one writes the outcome and then looks for waiters, the other says that
 * it waits and then looks for the outcome, all of it volatile.
 */
final class PendingRecord implements Enqueued, Future<RecordMetadata> {
    private final Partition partition;
    private final long transaction;
    private final long timestampMs;
    private final Headers headers;
    private final Callback callback;
    private final SendQueue queue;
    private final int keySize;
    private final int valueSize;
    private final int sizeInBytes;
    private byte[] key;
    private byte[] value;
    private byte[][] headerKeys;
    private byte[][] headerValues;
    private long sentNs;
    private volatile Object outcome;
    private volatile boolean awaited;

    /** @param callback may be null, as in Kafka's interface */
    PendingRecord(Partition partition, EncodedRecord record, int sizeInBytes, long transaction, Callback callback,
            SendQueue queue) {
        this.partition = partition;
        this.transaction = transaction;
        this.timestampMs = record.timestampMs();
        this.headers = record.headers();
        this.callback = callback;
        this.queue = queue;
        this.key = record.key();
        this.value = record.value();
        this.keySize = EncodedRecord.lengthOf(key);
        this.valueSize = EncodedRecord.lengthOf(value);
        this.headerKeys = record.headerKeys();
        this.headerValues = record.headerValues();
        this.sizeInBytes = sizeInBytes;
    }

    Partition partition() {
        return partition;
    }

    TopicPartition topicPartition() {
        return new TopicPartition(partition.id().topic(), partition.id().partition());
    }

    /** The number of the transaction in which it was sent. */
    long transaction() {
        return transaction;
    }

    long timestampMs() {
        return timestampMs;
    }

    Headers headers() {
        return headers;
    }

    /** Bytes of a batch that holds only this; what it takes of {@code buffer.memory}. */
    int sizeInBytes() {
        return sizeInBytes;
    }

    /** When it was put on the queue: {@code delivery.timeout.ms} and {@code linger.ms} count from here, as in Kafka. */
    long sentNs() {
        return sentNs;
    }

    /** Told before each attempt to put it; what the caller waited for room is not the record's time. */
    void sent(long nowNs) {
        sentNs = nowNs;
    }

    /** Puts it into a batch and lets go of its bytes; false, with nothing changed, when the batch has no room. */
    boolean encodeInto(RecordBatchWriter batch) {
        boolean fits = headerKeys.length == 0
                ? batch.tryAppend(timestampMs, key, value)
                : batch.tryAppend(timestampMs, key, value, headerKeys, headerValues);
        if (fits) {
            key = null;
            value = null;
            headerKeys = EncodedRecord.NO_HEADERS;
            headerValues = EncodedRecord.NO_HEADERS;
        }
        return fits;
    }

    RecordMetadata metadata(TopicPartition where, long baseOffset, int index) {
        return new RecordMetadata(where, baseOffset, index, timestampMs, keySize, valueSize);
    }

    /**
     * First the interceptors and the callback, then the future: as in Kafka, whoever got the future's value ran after.
     */
    void succeed(RecordMetadata metadata, Interceptors<?, ?> interceptors) {
        interceptors.onAcknowledgement(metadata, null, headers, callback);
        settle(metadata);
    }

    void fail(KafkaException cause, Interceptors<?, ?> interceptors) {
        interceptors.onAcknowledgement(Interceptors.nothingWritten(topicPartition()), cause, headers, callback);
        settle(cause);
    }

    private void settle(Object result) {
        outcome = result;
        if (awaited) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean isDone() {
        return outcome != null;
    }

    @Override
    public RecordMetadata get() throws InterruptedException, ExecutionException {
        if (outcome == null) {
            announceWaiter();
            synchronized (this) {
                while (outcome == null) {
                    wait();
                }
            }
        }
        return value(outcome);
    }

    @Override
    public RecordMetadata get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (outcome == null) {
            announceWaiter();
            long startNs = System.nanoTime();
            long timeoutNs = unit.toNanos(timeout);
            synchronized (this) {
                while (outcome == null) {
                    long leftNs = timeoutNs - (System.nanoTime() - startNs);
                    if (leftNs <= 0) {
                        throw new TimeoutException("no outcome after " + unit.toMillis(timeout) + " ms: partition="
                                + partition.id());
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, leftNs);
                }
            }
        }
        return value(outcome);
    }

    /** Whoever waits for one record does not gain by its batch lingering for more. */
    private void announceWaiter() {
        awaited = true;
        queue.hasten();
    }

    private static RecordMetadata value(Object outcome) throws ExecutionException {
        if (outcome instanceof RecordMetadata metadata) {
            return metadata;
        }
        throw new ExecutionException((KafkaException) outcome);
    }
}
