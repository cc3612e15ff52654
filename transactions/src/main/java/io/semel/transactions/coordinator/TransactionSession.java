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
 * <p>Thread rule: one thread at a time, the owner. Other threads end it only by raising the epoch, after which every call
 * answers {@link Progress#FENCED}.
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

    TransactionSession(Transaction transaction, CoordinatorContext context, ProducerIdentity identity, short epoch) {
        this.transaction = transaction;
        this.context = context;
        this.identity = identity;
        this.epoch = epoch;
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

    /** Opens a transaction. Nothing is written. */
    public Progress begin() {
        if (!transaction.pen().tryTake()) {
            return Progress.PENDING;
        }
        try {
            if (!isCurrent()) {
                return Progress.FENCED;
            }
            if (transaction.status() == TransactionStatus.ONGOING || transaction.isDeciding()) {
                return Progress.INVALID_STATE;
            }
            transaction.begin();
            touched.clear();
            commitDecided = false;
            number++;
            return Progress.DONE;
        } finally {
            transaction.pen().release();
        }
    }

    /**
     * This instance's writer to a partition, which becomes part of the open transaction; null when the instance is fenced.
     * Call it before the first batch of each transaction.
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
     * Decides the transaction and carries the decision out, as far as it goes without waiting. While its data waits for an
     * acknowledgement nothing is decided, and a time-out still aborts it: ask again.
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
            return switch (transaction.status()) {
                case ONGOING -> {
                    Progress decided = transaction.decide(outcome, touched);
                    commitDecided = decided == Progress.DONE && outcome == ControlType.COMMIT;
                    yield decided == Progress.DONE ? transaction.drive() : decided;
                }
                case PREPARE_COMMIT -> outcome == ControlType.COMMIT ? transaction.drive() : Progress.INVALID_STATE;
                case PREPARE_ABORT -> outcome == ControlType.ABORT ? transaction.drive() : Progress.INVALID_STATE;
                // A retry of what is done already succeeds.
                case COMPLETE_COMMIT -> outcome == ControlType.COMMIT ? Progress.DONE : Progress.INVALID_STATE;
                case COMPLETE_ABORT -> outcome == ControlType.ABORT ? Progress.DONE : Progress.INVALID_STATE;
                case EMPTY, DEAD, PREPARE_EPOCH_FENCE -> Progress.INVALID_STATE;
            };
        } finally {
            transaction.pen().release();
        }
    }

    /**
     * What became of the transaction that was begun last. T1: a decision is final once it is acknowledged, and whoever takes
     * over carries it out first; so of an instance that is fenced it is known too.
     */
    public Outcome outcome() {
        transaction.pen().take();
        try {
            if (!isCurrent()) {
                return commitDecided ? Outcome.COMMITTED : Outcome.ABORTED;
            }
            return switch (transaction.status()) {
                case COMPLETE_COMMIT -> Outcome.COMMITTED;
                case PREPARE_COMMIT -> transaction.isDecisionAcknowledged() ? Outcome.COMMITTED : Outcome.UNKNOWN;
                case PREPARE_ABORT, COMPLETE_ABORT -> Outcome.ABORTED;
                case EMPTY, ONGOING, DEAD, PREPARE_EPOCH_FENCE -> Outcome.UNDECIDED;
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
        return transaction.isCurrent(identity.producerId(), epoch);
    }

    /** Milliseconds since the epoch, by the coordinator's clock. */
    public long now() {
        return context.now();
    }
}
