package io.semel.client.producer;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;

import io.semel.client.errors.TransactionError;
import io.semel.client.runtime.KafkaErrors;
import io.semel.idempotence.ProducerLimitException;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Outcome;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.coordinator.TransactionalIdLimitException;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.TransactionHome;

/**
 * The transactions of one producer as its sender thread carries them out: the author of its batches, and the steps of
 * its commands.
 *
 * <p>A transaction is begun with the coordinator only by its first batch or offsets: an empty one costs nothing, and
 * its timeout counts from there, as in Kafka.
 *
 * <p>Thread rule: the sender thread, but {@link #throwIfFenced} any.
 */
final class TransactionWork implements BatchAuthor {
    private static final String STAGING = "sendOffsetsToTransaction";

    private final Broker broker;
    private final ProducerSettings settings;
    private final TransactionGate gate;
    private Initialization initialization;
    /** After the id expired; null when none is under way. */
    private Initialization resumption;
    private volatile TransactionSession session;
    /** The number of the transaction that the coordinator knows of. */
    private long begun;

    TransactionWork(Broker broker, ProducerSettings settings, TransactionGate gate) {
        this.broker = broker;
        this.settings = settings;
        this.gate = gate;
    }

    /** Seen by a look at the producer's identity: a fenced producer need not send a record to hear of it. */
    void throwIfFenced() {
        TransactionSession current = session;
        // One that was idle for too long goes on with a new epoch, unless another instance came: the first batch tells.
        if (current != null && !current.isExpired() && !current.fencedBecause().isEmpty()) {
            KafkaException why = KafkaErrors.notDone(Progress.FENCED, current, "beginTransaction");
            // Of the one that was to begin: what became of the last one was told by its own end.
            gate.fatal(why, TransactionError.Outcome.NOT_COMMITTED);
            throw why;
        }
    }

    private KafkaException fatal(KafkaException why) {
        gate.fatal(why, outcome());
        return why;
    }

    /**
     * What became of the transaction that the gate has open; one that the coordinator never heard of came to nothing.
     */
    private TransactionError.Outcome outcome() {
        TransactionSession current = session;
        if (current == null) {
            return TransactionError.Outcome.UNKNOWN;
        }
        return begun == gate.number() ? KafkaErrors.outcomeOf(current) : TransactionError.Outcome.NOT_COMMITTED;
    }

    private KafkaException lost(KafkaException why) {
        gate.lost(why);
        return why;
    }

    boolean stepInitialize() {
        Progress progress = initialize();
        if (progress == Progress.PENDING) {
            return false;
        }
        String who = "transactionalId=" + settings.transactionalId();
        switch (progress) {
            case DONE -> {
                session = initialization.session();
                gate.become(TransactionState.READY, "initTransactions");
            }
            case FENCED -> throw fatal(new ProducerFencedException("fenced: " + who
                    + "; a newer instance initialized meanwhile"));
            case UNAVAILABLE, INVALID_STATE, PENDING -> throw fatal(KafkaErrors.notInitialized(progress,
                    initialization));
        }
        return true;
    }

    private Progress initialize() {
        if (initialization == null) {
            initialization = limited("initTransactions", () -> broker.transactions().initialize(settings
                    .transactionalId(), settings.transactionTimeoutMs(), TransactionHome.EMBEDDED));
        }
        return limited("initTransactions", initialization::step);
    }

    private <T> T limited(String call, Supplier<T> attempted) {
        try {
            return attempted.get();
        } catch (TransactionalIdLimitException | ProducerLimitException | IllegalArgumentException e) {
            throw fatal(new KafkaException(call + ": transactionalId=" + settings.transactionalId() + ": "
                    + e.getMessage(), e));
        }
    }

    /** Tells the coordinator of the open transaction; false when it can't listen yet. */
    private boolean begin(String attempted) {
        if (begun == gate.number()) {
            return true;
        }
        boolean expired = session.isExpired();
        Progress progress = expired ? resume() : session.begin();
        boolean expiredMeanwhile = !expired && progress == Progress.FENCED && session.isExpired();
        if (progress == Progress.PENDING || expiredMeanwhile) {
            return false;
        }
        if (progress != Progress.DONE) {
            throw fatal(KafkaErrors.notDone(progress, session, attempted));
        }
        begun = gate.number();
        return true;
    }

    /**
     * Whoever was idle for {@code transactional.id.expiration.ms} does not die of it, unless another has taken its
     * place.
     */
    private Progress resume() {
        if (resumption == null) {
            resumption = limited("send", () -> broker.transactions().resume(session, settings.transactionTimeoutMs(),
                    TransactionHome.EMBEDDED));
        }
        Progress progress = limited("send", resumption::step);
        if (progress != Progress.DONE) {
            return progress;
        }
        session = resumption.session();
        resumption = null;
        return session.begin();
    }

    @Override
    public PartitionWriter writerTo(Partition partition, PartitionWriter held) {
        return begin("send") ? touch(partition, "send") : null;
    }

    private PartitionWriter touch(Partition partition, String attempted) {
        PartitionWriter writer = session.touch(partition);
        if (writer == null) {
            throw fatal(KafkaErrors.notDone(Progress.FENCED, session, attempted));
        }
        return writer;
    }

    @Override
    public void sign(RecordBatchWriter batch, int baseSequence) {
        batch.producer(session.producerId(), session.epoch(), baseSequence).asTransactional();
    }

    /** Nothing expires while a transaction is open. */
    @Override
    public void signAgain(ByteBuffer batch, int baseSequence) {
        throw new IllegalStateException("another id within a transaction: " + session.transactionalId());
    }

    /** Whatever the code says: an instance that is fenced is told so, and by whom. */
    @Override
    public KafkaException refused(long code, PartitionWriter writer, ByteBuffer batch) {
        return session.fencedBecause().isEmpty()
                ? KafkaErrors.refused(code, writer, batch)
                : fatal(KafkaErrors.notDone(Progress.FENCED, session, "send"));
    }

    /** Stages offsets in the transaction {@code sentIn}; what is refused is lost to it. */
    boolean stepOffsets(long sentIn, ConsumerGroupMetadata group, CommitRequest request) {
        if (!gate.admits(sentIn)) {
            throw gate.refusal();
        }
        if (!begin(STAGING)) {
            return false;
        }
        touch(broker.partition(Broker.OFFSETS_TOPIC, 0), STAGING);
        GroupError answer = stage(request);
        if (KafkaErrors.isTransient(answer)) {
            return false;
        }
        if (answer != GroupError.NONE) {
            throw session.fencedBecause().isEmpty()
                    ? lost(GroupOffsets.refused(answer, group))
                    : fatal(KafkaErrors.notDone(Progress.FENCED, session, STAGING));
        }
        return true;
    }

    /** The group coordinator answers a transactional commit before it returns: nothing has to be waited for. */
    private GroupError stage(CommitRequest request) {
        AtomicReference<GroupError> answer = new AtomicReference<>();
        broker.groups().commitInTransaction(session.producerId(), session.epoch(), request, session.now(), answer::set);
        return Objects.requireNonNull(answer.get(), "answer of the group coordinator");
    }

    /** To be called once everything sent before is settled; what was lost meanwhile forbids the commit. */
    boolean stepCommit() {
        gate.decide();
        return begun != gate.number() ? end("commitTransaction") : end("commitTransaction", session.commit());
    }

    /** To be called once nothing of the transaction is on its way any more. */
    boolean stepAbort() {
        gate.throwIfFatal();
        return begun != gate.number() ? end("abortTransaction") : end("abortTransaction", session.abort());
    }

    private boolean end(String attempted, Progress progress) {
        if (progress == Progress.PENDING) {
            return false;
        }
        if (progress == Progress.UNAVAILABLE && session.outcome() == Outcome.UNDECIDED) {
            // Not even decided, for what it wrote is not safe and never will be: the way out is an abort.
            KafkaException why = KafkaErrors.notDone(progress, session, attempted);
            gate.undecided(why);
            throw why;
        }
        if (progress != Progress.DONE) {
            throw fatal(KafkaErrors.notDone(progress, session, attempted));
        }
        return end(attempted);
    }

    private boolean end(String attempted) {
        gate.become(TransactionState.READY, attempted);
        return true;
    }

    /** Closing: whatever is open ends by an abort. */
    boolean stepClose() {
        return !gate.abortIfOpen() || stepAbort();
    }
}
