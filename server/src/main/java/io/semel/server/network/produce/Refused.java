package io.semel.server.network.produce;

import java.nio.ByteBuffer;

import io.semel.idempotence.ProducerState;
import io.semel.log.Append;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.Refusal;
import io.semel.wire.protocol.Errors;

/**
 * Kafka's codes for what a partition answers to an append. None is UNKNOWN_SERVER_ERROR: on that clients begin their
 * sequences anew, and write twice (KAFKA-14034). Stateless.
 */
final class Refused {
    private Refused() {
    }

    /** @param batch in {@code body} at {@code position}, of magic 2 */
    static Rejection of(long code, Partition partition, ByteBuffer body, int position, short version) {
        if (code == Append.BACK_PRESSURED) {
            return new Rejection(Errors.REQUEST_TIMED_OUT, "nothing was written: " + partition.id()
                    + " took no more batches until the request's timeout");
        }
        if (code == Append.DISK_FULL) {
            return new Rejection(Errors.KAFKA_STORAGE_ERROR, "nothing was written: the disk of " + partition.id()
                    + " is full");
        }
        if (code == Append.OFFLINE) {
            return offline(partition);
        }
        if (code == Append.CLOSED) {
            return new Rejection(Errors.UNKNOWN_TOPIC_OR_PARTITION, partition.id() + " is closed");
        }
        return new Rejection(errorOf(code, version), describe(code, partition, body, position));
    }

    static Rejection offline(Partition partition) {
        return new Rejection(Errors.KAFKA_STORAGE_ERROR, partition.id() + " is offline: " + partition.log().failure());
    }

    private static Errors errorOf(long code, short version) {
        if (code == Refusal.GAP) {
            return Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
        }
        if (code == Refusal.FENCED) {
            return Errors.INVALID_PRODUCER_EPOCH;
        }
        if (code == Refusal.UNKNOWN_PRODUCER) {
            return Errors.UNKNOWN_PRODUCER_ID;
        }
        if (code == Refusal.DUPLICATE_FORGOTTEN) {
            return Errors.DUPLICATE_SEQUENCE_NUMBER;
        }
        return code == Refusal.NO_TRANSACTION ? TransactionGate.noTransaction(version) : Errors.KAFKA_STORAGE_ERROR;
    }

    private static String describe(long code, Partition partition, ByteBuffer body, int position) {
        long producerId = RecordBatchLayout.producerId(body, position);
        short epoch = RecordBatchLayout.producerEpoch(body, position);
        String where = Refusal.describe(code) + ": partition=" + partition.id() + " producerId=" + producerId
                + " epoch=" + epoch + " sequence=" + RecordBatchLayout.baseSequence(body, position);
        ProducerState state = partition.producer(producerId);
        if (state == null) {
            return where;
        }
        String why = state.identity().fencedBecause(epoch);
        return where + " expected=" + state.expectedSequence(epoch) + " at epoch=" + state.identity().epoch() + (why
                .isEmpty() ? "" : "; " + why);
    }
}
