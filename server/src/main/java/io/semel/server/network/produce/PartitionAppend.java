package io.semel.server.network.produce;

import java.nio.ByteBuffer;

import io.semel.idempotence.ProducerIdentity;
import io.semel.log.Append;
import io.semel.log.TailWaiter;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.partition.VerificationGuard;
import io.semel.wire.protocol.Errors;

/**
 * One partition's records on their way: refused at the door, or appended and then awaited until they are acknowledged.
 *
 * <p>Thread rule: the event loop of the request's connection.
 */
final class PartitionAppend {
    /** Kafka's answer where there is none to name. */
    private static final long NO_OFFSET = -1;

    /** How long a batch waits for the end of the transaction before; then its client comes again. */
    private static final long TRANSACTION_WAIT_MS = 1_000;

    private final Producing request;
    private final ProduceRequest.Records records;
    /** Null when it was refused at the door. */
    private final Partition partition;
    private Rejection rejection;
    private long baseOffset = NO_OFFSET;
    private long logStartOffset = NO_OFFSET;
    /** The offset after the last record: acknowledged once the partition says it is. */
    private long ticket = NO_OFFSET;
    private boolean acknowledged;
    private TailWaiter.Registration registration;

    private PartitionAppend(Producing request, ProduceRequest.Records records, Partition partition,
            Rejection rejection) {
        this.request = request;
        this.records = records;
        this.partition = partition;
        this.rejection = rejection;
    }

    static PartitionAppend to(Partition partition, Producing request, ProduceRequest.Records records) {
        return new PartitionAppend(request, records, partition, Rejection.NONE);
    }

    static PartitionAppend refused(Rejection why, Producing request, ProduceRequest.Records records) {
        return new PartitionAppend(request, records, null, why);
    }

    Partition partition() {
        return partition;
    }

    Producing request() {
        return request;
    }

    boolean isRefused() {
        return !rejection.isNone();
    }

    /**
     * Appends the records, if they may be now.
     *
     * @return whether it is decided what becomes of them; else come again shortly
     */
    boolean tryAppend() {
        if (request.isAbandoned()) {
            return true;
        }
        ByteBuffer body = request.body();
        if ((RecordBatchLayout.attributes(body, records.position()) & RecordBatchLayout.TRANSACTIONAL_BIT) == 0) {
            return tryAppend(body, VerificationGuard.NOT_NEEDED);
        }
        ProducerIdAndEpoch sender = new ProducerIdAndEpoch(RecordBatchLayout.producerId(body, records.position()),
                RecordBatchLayout.producerEpoch(body, records.position()));
        Errors admitted = request.gate().admit(sender, partition);
        if (admitted == Errors.CONCURRENT_TRANSACTIONS && !request.isOlderThan(TRANSACTION_WAIT_MS)) {
            return false;
        }
        if (admitted != Errors.NONE) {
            refuse(new Rejection(admitted, "the transaction of " + sender + " can't take a batch of " + partition
                    .id()));
            return true;
        }
        return tryAppend(body, request.gate().guard(sender, partition));
    }

    private boolean tryAppend(ByteBuffer body, VerificationGuard guard) {
        long producerId = RecordBatchLayout.producerId(body, records.position());
        PartitionWriter writer = producerId == RecordBatchLayout.NO_PRODUCER_ID
                ? partition.openWriter()
                : partition.openWriter(producerId);
        long code = writer == null ? Refusal.UNKNOWN_PRODUCER : append(writer, body, guard);
        if (code == Append.BACK_PRESSURED && !request.isLate()) {
            return false;
        }
        if (code >= 0) {
            baseOffset = code;
            ticket = code + RecordBatchLayout.lastOffsetDelta(body, records.position()) + 1;
            logStartOffset = partition.startOffset();
        } else {
            refuse(Refused.of(code, partition, body, records.position(), request.version()));
        }
        return true;
    }

    private long append(PartitionWriter writer, ByteBuffer body, VerificationGuard guard) {
        if (writer.producer() != null) {
            follow(writer.producer().identity(), RecordBatchLayout.producerEpoch(body, records.position()));
        }
        body.limit(records.position() + records.length()).position(records.position());
        try {
            return writer.append(body, guard);
        } catch (InternalError e) {
            // A page of the mapping can't be had: the log has gone offline over it.
            return Append.OFFLINE;
        } finally {
            // The others' records stand in the same bytes.
            body.clear();
        }
    }

    /**
     * A producer without a transactional id raises its epoch by itself, to begin its sequences anew behind a batch that
     * it gave up (KIP-360). Nobody else may.
     */
    private static void follow(ProducerIdentity identity, short epoch) {
        if (epoch > identity.epoch() && !identity.isOwned()) {
            identity.raise(epoch, "its producer raised the epoch by itself");
        }
    }

    /** Clients tell by the log's start whether records of theirs were deleted, or their producer id died. */
    private void refuse(Rejection why) {
        rejection = why;
        logStartOffset = partition.startOffset();
    }

    /** Whether there is nothing to wait for: it is refused, or acknowledged (L1). */
    boolean isSettled() {
        if (acknowledged || isRefused()) {
            return true;
        }
        if (ticket <= partition.acknowledgedOffset()) {
            acknowledged = true;
        } else if (partition.log().failure() != null) {
            rejection = Refused.offline(partition);
        }
        return acknowledged || isRefused();
    }

    /** Has the request woken when the partition moves; look again afterwards. */
    void askToBeWoken() {
        if (isSettled()) {
            return;
        }
        if (registration == null) {
            registration = new TailWaiter.Registration(request);
        }
        partition.wantAcknowledgement();
        partition.wakeOnAdvance(registration);
    }

    /** It is written, and nobody knows whether it will survive: the client asks again and is told by its sequence. */
    void timeOut() {
        if (!isSettled()) {
            rejection = new Rejection(Errors.REQUEST_TIMED_OUT, "written at offset " + baseOffset + " of " + partition
                    .id() + ", not acknowledged before the request's timeout");
        }
    }

    Outcome outcome() {
        return new Outcome(records.partition(), rejection, baseOffset, logStartOffset);
    }
}
