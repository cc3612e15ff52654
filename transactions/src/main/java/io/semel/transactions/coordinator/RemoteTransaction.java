package io.semel.transactions.coordinator;

import java.util.List;

import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.VerificationGuard;
import io.semel.transactions.records.TransactionHome;

/**
 * A transactional id as a producer at the other end of a connection speaks to it. Each message names its sender, and
 * none rests on what a connection remembers: a message that comes late, twice, or after a restart is judged by what it
 * names.
 *
 * <p>Invariants: a message of an epoch that is over changes nothing (T6); by the newer rules every end is the end of
 * its epoch, so it changes no later transaction either (T7). A transaction ends by the rules by which it began, and a
 * join is answered when those are on record, so that a restart goes by them too.
 *
 * <p>Thread rule: any thread; nothing waits.
 */
public final class RemoteTransaction {
    private final Transaction transaction;
    private final TransactionRules spoken;

    RemoteTransaction(Transaction transaction, TransactionRules spoken) {
        this.transaction = transaction;
        this.spoken = spoken;
    }

    /**
     * Makes a partition part of the sender's transaction, and opens that with the first one: AddPartitionsToTxn and
     * AddOffsetsToTxn; by the newer rules before each batch, which needs no such message. {@code PENDING} while the
     * transaction before is ending, and by the older rules until it is on record. {@code INVALID_STATE} when the
     * transaction is prepared, or was begun by other rules.
     */
    public Progress join(ProducerIdAndEpoch sender, Partition partition) {
        return join(sender, List.of(partition));
    }

    /** The same for several at once: by the older rules a message names many, and one record is enough. */
    public Progress join(ProducerIdAndEpoch sender, List<Partition> partitions) {
        if (!transaction.pen().tryTake()) {
            return Progress.PENDING;
        }
        try {
            if (!isOf(sender)) {
                return Progress.FENCED;
            }
            if (transaction.isDeciding()) {
                return Progress.PENDING;
            }
            if (transaction.isPrepared() || transaction.isOngoing() && !transaction.owner().speaks(spoken)) {
                return Progress.INVALID_STATE;
            }
            if (!transaction.isOngoing()) {
                begin();
            }
            partitions.forEach(transaction.joined()::add);
            return progressOfRecord();
        } finally {
            transaction.pen().release();
        }
    }

    /** Whoever is in this process ends its transaction itself, and no message speaks for it. */
    private boolean isOf(ProducerIdAndEpoch sender) {
        return transaction.owner().is(sender) && transaction.owner().request().home() == TransactionHome.REMOTE;
    }

    private void begin() {
        transaction.owner().speak(spoken);
        transaction.begin();
    }

    private Progress progressOfRecord() {
        Owner owner = transaction.owner();
        if (owner.hasNewEpochAtEveryEnd() && !owner.owesRules()) {
            return Progress.DONE;
        }
        Progress progress = transaction.ongoing().write(transaction);
        if (progress == Progress.DONE) {
            owner.rulesAreOnRecord();
        }
        return progress;
    }

    /**
     * By the older rules, before each batch: whether it may be written. A batch that comes when its transaction has
     * ended finds the guard withdrawn, whenever it asked for it.
     */
    public VerificationGuard verify(ProducerIdAndEpoch sender, Partition partition) {
        transaction.pen().take();
        try {
            return isOf(sender) ? transaction.joined().guardOf(partition) : VerificationGuard
                    .withdrawn();
        } finally {
            transaction.pen().release();
        }
    }

    /** EndTxn: decides the sender's transaction, or finds it decided so, and carries that out as far as it goes. */
    public EndAnswer commit(ProducerIdAndEpoch sender) {
        return end(sender, ControlType.COMMIT);
    }

    /** As {@link #commit}, but nothing of the transaction becomes visible. */
    public EndAnswer abort(ProducerIdAndEpoch sender) {
        return end(sender, ControlType.ABORT);
    }

    private EndAnswer end(ProducerIdAndEpoch sender, ControlType outcome) {
        if (!transaction.pen().tryTake()) {
            return new EndAnswer(Progress.PENDING, sender);
        }
        try {
            Progress progress = progressOfEnd(sender, outcome);
            return new EndAnswer(progress, progress == Progress.DONE ? transaction.owner().newest() : sender);
        } finally {
            transaction.pen().release();
        }
    }

    private Progress progressOfEnd(ProducerIdAndEpoch sender, ControlType outcome) {
        boolean endsEpoch = spoken == TransactionRules.NEW_EPOCH_AT_EVERY_END;
        if (isOf(sender)) {
            if (transaction.isPrepared()) {
                transaction.owner().speak(spoken);
                return transaction.endPrepared(outcome);
            }
            if (transaction.isOngoing()) {
                return transaction.owner().speaks(spoken) ? transaction.endJoined(outcome) : Progress.INVALID_STATE;
            }
            return endsEpoch ? endOfEpoch(outcome) : endOfOneEpoch(outcome);
        }
        // The answer to an end was lost, or somebody else aborted what the sender had open: it is told what holds.
        return endsEpoch && transaction.isEndedEpochOf(sender) ? transaction.endAgain(outcome) : Progress.FENCED;
    }

    /**
     * A second end can't be told from the end of a transaction without records: both find nothing open. What ended by
     * the newer rules was another epoch's.
     */
    private Progress endOfOneEpoch(ControlType outcome) {
        return transaction.owner().speaks(spoken) ? transaction.endAgain(outcome) : Progress.INVALID_STATE;
    }

    private Progress endOfEpoch(ControlType outcome) {
        if (transaction.isDeciding()) {
            // The end of the transaction before: it is not the sender's, which can have begun nothing yet.
            return Progress.PENDING;
        }
        if (outcome == ControlType.COMMIT) {
            return Progress.INVALID_STATE;
        }
        // Nothing of it arrived, and something may still: its epoch must be over.
        begin();
        return transaction.endJoined(outcome);
    }
}
