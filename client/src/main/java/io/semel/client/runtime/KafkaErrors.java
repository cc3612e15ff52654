package io.semel.client.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DuplicateSequenceException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownProducerIdException;

import io.semel.client.errors.TransactionError;
import io.semel.idempotence.ProducerState;
import io.semel.log.Append;
import io.semel.log.batch.RecordBatchView;
import io.semel.transactions.broker.PartitionOfflineException;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Outcome;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.ReaderLimitException;
import io.semel.transactions.partition.Refusal;

/** Kafka's exceptions for what partitions and coordinators answer, each with what, where, numbers and remedy. */
public final class KafkaErrors {
    private KafkaErrors() {
    }

    /** The exception for a batch that was refused with {@code code}. */
    public static KafkaException refused(long code, PartitionWriter writer, ByteBuffer batch) {
        Partition partition = writer.partition();
        RecordBatchView view = new RecordBatchView().wrap(batch, batch.position());
        String where = "partition=" + partition.id() + " producerId=" + view.producerId() + " epoch="
                + view.producerEpoch();
        ProducerState state = writer.producer();
        if (code == Refusal.GAP) {
            return new OutOfOrderSequenceException("sequence gap: " + where + " expected="
                    + state.expectedSequence(view.producerEpoch()) + " actual=" + view.baseSequence()
                    + "; a batch was lost or reordered by the producer");
        }
        if (code == Refusal.FENCED) {
            return new ProducerFencedException("fenced: " + where + " current epoch=" + state.identity().epoch() + "; "
                    + state.identity().fencedBecause(view.producerEpoch()));
        }
        if (code == Refusal.UNKNOWN_PRODUCER && state.identity().isExpired()) {
            return new UnknownProducerIdException("producer id expired: " + where + "; " + state.identity()
                    .fencedBecause() + "; it was not written. Open a new producer");
        }
        if (code == Refusal.UNKNOWN_PRODUCER && !state.identity().fencedBecause().isEmpty()) {
            return new ProducerFencedException("fenced: " + where + " is retired; " + state.identity().fencedBecause());
        }
        if (code == Refusal.UNKNOWN_PRODUCER) {
            return new UnknownProducerIdException("producer id not alive: " + where + "; open a new producer");
        }
        if (code == Refusal.DUPLICATE_FORGOTTEN) {
            return new DuplicateSequenceException("written before, but more than five batches ago: " + where
                    + " sequence=" + view.baseSequence());
        }
        return unavailable(code, partition);
    }

    /** The exception for a partition that takes nothing now. */
    public static KafkaException unavailable(long code, Partition partition) {
        if (code == Append.DISK_FULL) {
            return noRoom(partition.id(), partition.log().refusal());
        }
        if (code == Append.OFFLINE) {
            Throwable failure = partition.log().failure();
            return new KafkaStorageException(offline(partition, failure), failure);
        }
        if (code == Append.CLOSED) {
            return new KafkaException("partition closed: " + partition.id()
                    + "; its topic was deleted, or the directory was closed");
        }
        return new KafkaException("partition " + partition.id() + " refused: " + Refusal.describe(code));
    }

    /** @param cause null when there is room again, before anybody could ask */
    static KafkaStorageException noRoom(PartitionId partition, IOException cause) {
        String why = cause == null ? "there is room again by now" : cause.getMessage();
        return new KafkaStorageException("disk full: partition=" + partition + ": " + why
                + "; nothing was written and what was acknowledged stays readable; free space, or what a limit is reached of,"
                + " and send again", cause);
    }

    /** Says that a partition was taken out of service while it was open, and what to do. */
    public static String offline(Partition partition, Throwable failure) {
        return "partition offline: " + partition.id() + ": " + failure
                + "; what was acknowledged stays readable. See to"
                + " that, then open the directory again";
    }

    /** The exception for a partition that could not be opened with its directory. */
    public static KafkaStorageException offline(PartitionOfflineException cause) {
        return new KafkaStorageException(cause.getMessage(), cause);
    }

    /** The exception for one reader too many. */
    public static KafkaException limitReached(ReaderLimitException cause) {
        return new KafkaException(cause.getMessage(), cause);
    }

    /** Whether a group coordinator wrote nothing, and asking again may help. */
    public static boolean isTransient(GroupError error) {
        return error == GroupError.COORDINATOR_LOAD_IN_PROGRESS || error == GroupError.COORDINATOR_NOT_AVAILABLE;
    }

    /** The exception for an initialization that did not end in {@code DONE}. */
    public static KafkaException notInitialized(Progress progress, Initialization initialization) {
        String awaited = initialization.awaitedOffline();
        return awaited.isEmpty()
                ? exception(progress, initialization.session(), "initialize")
                : new KafkaStorageException("initialize: the last transaction of transactionalId="
                        + initialization.session().transactionalId() + " is decided and waits for its marker in "
                        + awaited + ", which is offline; mend that, or delete its topic, and open the directory again");
    }

    /**
     * The exception for a coordinator's step that did not end in {@code DONE}, with what it means for the transaction.
     */
    public static KafkaException notDone(Progress progress, TransactionSession session, String attempted) {
        return meaningOf(progress, session).noteOn(exception(progress, session, attempted));
    }

    /** A refusal by a partition, with what it means for the transaction. */
    public static ProducerFencedException fenced(ProducerFencedException refusal, TransactionSession session) {
        return meaningOf(Progress.FENCED, session).noteOn(refusal);
    }

    private static TransactionError meaningOf(Progress progress, TransactionSession session) {
        TransactionError.Kind kind = switch (progress) {
            case INVALID_STATE -> TransactionError.Kind.MISUSE;
            case UNAVAILABLE -> session.outcome() == Outcome.UNDECIDED
                    ? TransactionError.Kind.ABORTABLE
                    : TransactionError.Kind.FATAL;
            case FENCED, DONE, PENDING -> TransactionError.Kind.FATAL;
        };
        return new TransactionError(kind, outcomeOf(session));
    }

    /** What became of a session's last transaction. Undecided it may be committed yet, but not without its owner. */
    public static TransactionError.Outcome outcomeOf(TransactionSession session) {
        return switch (session.outcome()) {
            case COMMITTED -> TransactionError.Outcome.COMMITTED;
            case ABORTED, UNDECIDED -> TransactionError.Outcome.NOT_COMMITTED;
            case UNKNOWN -> TransactionError.Outcome.UNKNOWN;
        };
    }

    private static KafkaException exception(Progress progress, TransactionSession session, String attempted) {
        String who = "transactionalId=" + session.transactionalId() + " producerId=" + session.producerId() + " epoch="
                + session.epoch();
        return switch (progress) {
            case FENCED -> new ProducerFencedException("fenced: " + attempted + " " + who + "; "
                    + session.fencedBecause());
            case INVALID_STATE -> new InvalidTxnStateException(attempted + " does not fit the transaction's state: "
                    + who);
            case UNAVAILABLE -> new KafkaStorageException(attempted + " meets a partition that is offline: " + who
                    + "; what was decided is carried out when the directory is opened again");
            case DONE, PENDING -> new UnexpectedAnswerException(attempted + " ended as " + progress + ": " + who);
        };
    }

    /** A bug of ours, in Kafka's family so that no caller misses it. */
    private static final class UnexpectedAnswerException extends KafkaException {
        private static final long serialVersionUID = 1L;

        UnexpectedAnswerException(String message) {
            super(message);
        }
    }
}
