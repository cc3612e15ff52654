package io.semel.transactions.coordinator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.idempotence.ProducerIdentity;
import io.semel.idempotence.ProducerState;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;

/**
 * What the opening of a directory does with the transactions that it finds: it finishes what was decided, lets remote
 * producers go on with what they have open, and aborts the rest, whose owners died with the process.
 *
 * <p>Invariant (T1): nobody goes on whose transaction may lack a part. What was acknowledged to a remote producer is
 * acknowledged to somebody who may be alive and commit without looking; where the machine went down that may be gone,
 * in some partitions and without a trace, so nothing here could tell. Then every remote epoch is over (T6): a commit
 * that comes next is refused, and so is a batch, and the producer begins anew.
 *
 * <p>Thread rule: one thread, before anybody else is let in.
 */
public final class TransactionRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionRecovery.class);

    private static final int NOT_YET = -1;

    private final CoordinatorContext context;
    private final Collection<Transaction> transactions;
    private final Survival survival;
    private final List<Transaction> decided;
    private final int lost;
    private final List<Transaction> resumed = new ArrayList<>();
    private final ControlBatches markers = new ControlBatches();
    private int driven;
    /** How many were decided before the remote ones were looked at; {@link #NOT_YET} before that. */
    private int decidedBefore = NOT_YET;
    private int recorded;
    private int finished;
    private int aborted;
    private int waiting;
    private long refusal;

    TransactionRecovery(CoordinatorContext context, Collection<Transaction> transactions, Survival survival,
            List<Transaction> decided, int lost) {
        this.context = context;
        this.transactions = transactions;
        this.survival = survival;
        this.decided = decided;
        this.lost = lost;
    }

    /** Goes on as far as possible without waiting. {@link #refusal()} says what {@code PENDING} waits for. */
    public Progress step() {
        Progress progress = driveDecided();
        if (progress == Progress.DONE && decidedBefore == NOT_YET) {
            decidedBefore = driven;
            settleRemote();
            progress = driveDecided();
        }
        if (progress == Progress.DONE) {
            progress = recordResumed();
        }
        return progress == Progress.DONE ? abortTheRest() : progress;
    }

    private Progress driveDecided() {
        while (driven < decided.size()) {
            Transaction transaction = decided.get(driven);
            Progress progress = transaction.drive();
            String offline = transaction.awaitedOffline();
            if (progress != Progress.DONE && offline.isEmpty()) {
                refusal = transaction.refusal();
                return progress;
            }
            if (!offline.isEmpty()) {
                waiting++;
                LOGGER.warn("{} stays decided and not complete: its marker waits until {} is back in service, and so"
                        + " does its next instance; in every other partition it has ended", transaction
                                .transactionalId(),
                        offline);
            }
            if (decidedBefore == NOT_YET) {
                finished += transaction.markersWritten() > 0 ? 1 : 0;
            } else {
                aborted += transaction.markersWritten();
            }
            driven++;
        }
        return Progress.DONE;
    }

    private void settleRemote() {
        Map<Long, Transaction> remote = new HashMap<>();
        Map<Long, List<Partition>> open = new HashMap<>();
        for (Transaction transaction : transactions) {
            ProducerIdentity identity = transaction.owner().identity();
            if (transaction.owner().request().home() == TransactionHome.REMOTE && identity.isAlive() && !transaction
                    .isDeciding() && !transaction.isPrepared()) {
                remote.put(identity.producerId(), transaction);
                open.put(identity.producerId(), new ArrayList<>(0));
            }
        }
        for (Partition partition : context.partitions().all()) {
            for (ProducerState state : partition.producers()) {
                Transaction owner = remote.get(state.identity().producerId());
                if (owner != null && state.transactionOffset() != ProducerState.NO_OFFSET
                        && state.epoch() >= owner.owner().epoch()) {
                    open.get(state.identity().producerId()).add(partition);
                }
            }
        }
        remote.forEach((producerId, transaction) -> settle(transaction, open.get(producerId)));
    }

    /**
     * @param open where it has something open, in its owner's epoch; what is older is left over, and aborted with the
     * rest
     */
    private void settle(Transaction transaction, List<Partition> open) {
        Owner owner = transaction.owner();
        boolean isOpen = transaction.isOngoing() || !open.isEmpty();
        boolean isHeld = owner.epoch() <= Owner.LAST_EPOCH_HANDED_OUT;
        if (survival == Survival.WHOLE && owner.identity().epoch() == owner.epoch()) {
            if (isOpen) {
                transaction.goOn(open);
                resumed.add(transaction);
            }
        } else if (isOpen || survival == Survival.DOUBTFUL && isHeld) {
            transaction.fenceAndAbortLeftovers("the directory was opened again at " + context.now()
                    + ", and what was acknowledged to " + transaction.transactionalId() + " before may be gone", open);
            decided.add(transaction);
        }
    }

    /** T8: else a directory that is opened again and again gives them all of their time each time. */
    private Progress recordResumed() {
        while (recorded < resumed.size()) {
            OngoingRecord record = resumed.get(recorded).ongoing();
            Progress progress = record.write(resumed.get(recorded));
            if (progress != Progress.DONE) {
                refusal = record.refusal();
                return progress;
            }
            recorded++;
        }
        return Progress.DONE;
    }

    private Progress abortTheRest() {
        Map<Long, Transaction> kept = new HashMap<>();
        transactions.stream().filter(each -> each.isPrepared() || each.isOngoing())
                .forEach(each -> kept.put(each.owner().identity().producerId(), each));
        for (Partition partition : context.partitions().all()) {
            for (ProducerState state : partition.producers()) {
                Transaction owner = kept.get(state.identity().producerId());
                boolean isLeftOpen = state.transactionOffset() != ProducerState.NO_OFFSET
                        && (owner == null || !owner.keeps(partition, state));
                if (isLeftOpen && !abort(partition, state)) {
                    return DecisionJournal.isLasting(refusal) ? Progress.UNAVAILABLE : Progress.PENDING;
                }
            }
        }
        return Progress.DONE;
    }

    private boolean abort(Partition partition, ProducerState state) {
        long code = partition.openWriter(state).appendMarker(markers, ControlType.ABORT, state.epoch(),
                state.transactionOffset(), context.now());
        if (code >= 0) {
            aborted++;
        } else if (code != Refusal.NOTHING_TO_END) {
            refusal = code;
            return false;
        }
        return true;
    }

    /** The last code with which a log refused a record; 0 when none did. */
    public long refusal() {
        return refusal;
    }

    /** Decided transactions that lacked markers and have them now. */
    public int finishedCount() {
        return finished;
    }

    /** Decided transactions that wait for a partition which is out of service. */
    public int waitingCount() {
        return waiting;
    }

    /** Branches of committed transactions whose data is gone, one per partition. */
    public int lostCount() {
        return lost;
    }

    /** Branches of undecided transactions that were aborted, one per partition. */
    public int abortedCount() {
        return aborted;
    }
}
