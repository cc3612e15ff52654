package io.semel.transactions.coordinator;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.semel.idempotence.ProducerIdentity;
import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.TransactionStatus;

/**
 * What one instance of a transactional id holds: its producer id and epoch, its writers, and the partitions that its
 * transaction touched.
 *
 * <p>Thread rule: one thread at a time, the owner. Other threads end it only by raising the epoch, after which every
 * call answers {@link Progress#FENCED}.
 */
public final class TransactionSession {
    private final Transaction transaction;
    private final CoordinatorContext context;
    private final ProducerIdentity identity;
    private final short epoch;
    private final Map<Partition, PartitionWriter> writers = new IdentityHashMap<>();
    private final List<PartitionWriter> touched = new ArrayList<>();
    private long number;
    /** Of the open transaction, or of the last one. */
    private boolean commitDecided;
    /** Who is fenced then can't tell how it ends. */
    private boolean prepared;

    TransactionSession(Transaction transaction, CoordinatorContext context, ProducerIdentity identity, short epoch) {
        this.transaction = transaction;
        this.context = context;
        this.identity = identity;
        this.epoch = epoch;
    }

    /** It came back to what an older instance has prepared. */
    void holdPrepared() {
        prepared = true;
    }

    public String transactionalId() {
        return transaction.transactionalId();
    }

    public long producerId() {
        return identity.producerId();
    }

    public short epoch() {
        return epoch;
    }

    /** Why this instance is fenced: by whom and when. Empty when it is not. */
    public String fencedBecause() {
        return identity.epoch() == epoch && identity.isAlive() ? "" : identity.fencedBecause(epoch);
    }

    /** Whether this instance is fenced by nobody, but was idle for so long that its id was forgotten. */
    public boolean isExpired() {
        return identity.isExpired() && identity.epoch() == epoch;
    }

    ProducerIdentity identity() {
        return identity;
    }

    /** Opens a transaction. Nothing is written. */
    public Progress begin() {
        if (!transaction.pen().tryTake()) {
            return Progress.PENDING;
        }
        try {
            if (!isCurrent()) {
                return Progress.FENCED;
            }
            if (transaction.status() == TransactionStatus.ONGOING || transaction.isPrepared()
                    || transaction.isDeciding()) {
                return Progress.INVALID_STATE;
            }
            transaction.begin();
            touched.clear();
            commitDecided = false;
            prepared = false;
            number++;
            return Progress.DONE;
        } finally {
            transaction.pen().release();
        }
    }

    /**
     * This instance's writer to a partition, which becomes part of the open transaction; null when the instance is
     * fenced. Call it before the first batch of each transaction.
     */
    public PartitionWriter touch(Partition partition) {
        PartitionWriter writer = writers.get(partition);
        if (writer == null) {
            writer = partition.openWriter(identity.producerId());
            if (writer == null) {
                return null;
            }
            writers.put(partition, writer);
        }
        if (writer.enterTransaction(number)) {
            touched.add(writer);
        }
        return writer;
    }

    /**
     * The first of two phases (KIP-939): makes what was written as safe as a decision. Once this is {@code DONE}
     * nothing but a commit or an abort ends the transaction, no timeout, crash or close; and either always can. Nothing
     * may be appended any more. An instance that comes back asks for it with {@link InstanceRequest#keepingPrepared()}.
     */
    public Progress prepare() {
        if (!transaction.pen().tryTake()) {
            return Progress.PENDING;
        }
        try {
            if (!isCurrent()) {
                return Progress.FENCED;
            }
            Progress progress = transaction.prepare(touched);
            prepared |= transaction.isPrepared();
            return progress;
        } finally {
            transaction.pen().release();
        }
    }

    /**
     * Decides the transaction and carries the decision out, as far as it goes without waiting. While its data waits for
     * an acknowledgement nothing is decided, and a time-out still aborts it: ask again.
     */
    public Progress commit() {
        return end(ControlType.COMMIT);
    }

    /** As {@link #commit()}, but nothing of the transaction becomes visible. */
    public Progress abort() {
        return end(ControlType.ABORT);
    }

    private Progress end(ControlType outcome) {
        if (!transaction.pen().tryTake()) {
            return Progress.PENDING;
        }
        try {
            if (!isCurrent()) {
                return Progress.FENCED;
            }
            if (transaction.isPrepared()) {
                Progress progress = transaction.endPrepared(outcome);
                commitDecided = outcome == ControlType.COMMIT && !transaction.isPrepared();
                return progress;
            }
            if (transaction.status() != TransactionStatus.ONGOING) {
                return transaction.endAgain(outcome);
            }
            Progress decided = transaction.decide(outcome, touched);
            commitDecided = decided == Progress.DONE && outcome == ControlType.COMMIT;
            return decided == Progress.DONE ? transaction.drive() : decided;
        } finally {
            transaction.pen().release();
        }
    }

    /**
     * What became of the transaction that was begun last. T1: a decision is final once it is acknowledged, and whoever
     * takes over carries it out first; so of an instance that is fenced it is known too.
     */
    public Outcome outcome() {
        transaction.pen().take();
        try {
            if (!isCurrent()) {
                Outcome undecided = prepared ? Outcome.UNKNOWN : Outcome.ABORTED;
                return commitDecided ? Outcome.COMMITTED : undecided;
            }
            return switch (transaction.status()) {
                case COMPLETE_COMMIT -> Outcome.COMMITTED;
                case PREPARE_COMMIT -> transaction.isDecisionAcknowledged() ? Outcome.COMMITTED : Outcome.UNKNOWN;
                case PREPARE_ABORT, COMPLETE_ABORT -> Outcome.ABORTED;
                case EMPTY, ONGOING, PREPARED, DEAD, PREPARE_EPOCH_FENCE -> Outcome.UNDECIDED;
            };
        } finally {
            transaction.pen().release();
        }
    }

    /**
     * Brings what {@link #commit()} and {@link #abort()} wait for by this thread's own doing: in POWER it forces the
     * partitions and the journal and waits for the disk; in PROCESS there is nothing to do. For owners whose thread may
     * wait; without it the flusher does the same, later.
     */
    public void helpAcknowledge() {
        for (PartitionWriter writer : touched) {
            Partition partition = writer.partition();
            if (partition.safeOffset(context.durability()) < writer.producer().recordedOffset()) {
                partition.helpMakeSafe(context.durability());
            }
        }
        context.journal().helpAcknowledge();
    }

    private boolean isCurrent() {
        return transaction.owner().is(identity.producerId(), epoch);
    }

    /** Milliseconds since the epoch, by the coordinator's clock. */
    public long now() {
        return context.now();
    }
}
