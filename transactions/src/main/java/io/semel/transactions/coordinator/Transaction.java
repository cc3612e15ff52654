package io.semel.transactions.coordinator;

import java.util.List;

import io.semel.idempotence.Pen;
import io.semel.idempotence.ProducerIdentity;
import io.semel.idempotence.ProducerState;
import io.semel.log.Append;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionIdentity;
import io.semel.transactions.records.TransactionLogValue;
import io.semel.transactions.records.TransactionStatus;
import io.semel.transactions.records.TransactionTopic;

/**
 * One transactional id: who it is now, and its transaction's way from begin to completion.
 *
 * <p>Invariants: one decision at a time, and no new transaction before every marker of the last is acknowledged (T1, T7);
 * a decision is journaled and acknowledged before its first marker is written (T1); whoever raises the epoch first decides
 * what the fenced instance left open (T6).
 *
 * <p>Thread rule: everything under {@link #pen()}.
 */
final class Transaction {
    private final String transactionalId;
    private final CoordinatorContext context;
    private final Pen pen = new Pen();
    private final ControlBatches markers = new ControlBatches();
    private TransactionStatus status = TransactionStatus.EMPTY;
    private ProducerIdentity identity;
    private short epoch = TransactionIdentity.NO_PRODUCER_EPOCH;
    private int timeoutMs;
    private TransactionHome home = TransactionHome.EMBEDDED;
    private long startMs = TransactionLogValue.NO_TIMESTAMP;
    private Decision decision;
    private boolean awaitsCompletionRecord;

    Transaction(String transactionalId, CoordinatorContext context) {
        this.transactionalId = transactionalId;
        this.context = context;
    }

    String transactionalId() {
        return transactionalId;
    }

    Pen pen() {
        return pen;
    }

    TransactionStatus status() {
        return status;
    }

    ProducerIdentity identity() {
        return identity;
    }

    short epoch() {
        return epoch;
    }

    int timeoutMs() {
        return timeoutMs;
    }

    long startMs() {
        return startMs;
    }

    /** Whether an instance that was handed {@code itsId} and {@code itsEpoch} is still the newest one. */
    boolean isCurrent(long itsId, short itsEpoch) {
        return identity != null && identity.producerId() == itsId && epoch == itsEpoch;
    }

    private void become(TransactionStatus next) {
        Transitions.check(transactionalId, status, next);
        status = next;
    }

    /** Takes over a new identity; everything older is refused by every partition from here on. */
    void adopt(ProducerIdentity newIdentity, short newEpoch, int newTimeoutMs, TransactionHome newHome) {
        become(TransactionStatus.EMPTY);
        String because = "a newer instance of transactional id " + transactionalId + " took over at "
                + context.now();
        if (identity != null && identity != newIdentity) {
            identity.retire(because);
        }
        newIdentity.raise(newEpoch, because);
        identity = newIdentity;
        epoch = newEpoch;
        timeoutMs = newTimeoutMs;
        home = newHome;
        startMs = TransactionLogValue.NO_TIMESTAMP;
        decision = null;
    }

    /** Puts the id where the journal's last record of it left it. */
    void recover(TransactionLogValue last, ProducerIdentity revived, PartitionLookup partitions) {
        identity = revived;
        epoch = last.identity().producerEpoch();
        timeoutMs = last.timeoutMs();
        home = last.home();
        startMs = last.startTimestampMs();
        status = last.status();
        List<TransactionTopic> topics = last.topics() == null ? List.of() : last.topics();
        if (status == TransactionStatus.PREPARE_COMMIT || status == TransactionStatus.PREPARE_ABORT) {
            ControlType outcome = status == TransactionStatus.PREPARE_COMMIT ? ControlType.COMMIT : ControlType.ABORT;
            decision = Decision.recovered(outcome, revived.producerId(), epoch, topics, last.firstOffsets(),
                    partitions);
            decision.journaled(0);
        }
    }

    /** Nothing is written: that a transaction is open is known from the partitions. */
    void begin() {
        become(TransactionStatus.ONGOING);
        decision = null;
        startMs = context.now();
    }

    boolean isDeciding() {
        return status == TransactionStatus.PREPARE_COMMIT || status == TransactionStatus.PREPARE_ABORT;
    }

    boolean isTimedOut(long nowMs) {
        return status == TransactionStatus.ONGOING && nowMs - startMs > timeoutMs;
    }

    /** Decides over the branches that the owner touched. */
    void decide(ControlType outcome, List<PartitionWriter> touched) {
        Decision decided = new Decision(outcome, epoch);
        for (PartitionWriter writer : touched) {
            addBranch(decided, writer);
        }
        enter(decided);
    }

    /**
     * Takes the transaction from its owner and aborts it: raises the epoch first, so that no batch of the owner can follow,
     * and then looks into every partition for what was left open.
     */
    void fenceAndAbort(String because) {
        short fenced = epoch == Short.MAX_VALUE ? epoch : (short) (epoch + 1);
        if (fenced == epoch) {
            identity.retire(because);
        }
        identity.raise(fenced, because);
        epoch = fenced;
        Decision decided = new Decision(ControlType.ABORT, fenced);
        for (Partition partition : context.partitions().all()) {
            ProducerState state = partition.producer(identity.producerId());
            if (state != null) {
                addBranch(decided, partition.openWriter(state));
            }
        }
        enter(decided);
    }

    /** Under the producer's pen in that partition: whatever it claimed before is seen, nothing can follow. */
    private static void addBranch(Decision decided, PartitionWriter writer) {
        ProducerState state = writer.producer();
        state.pen().take();
        long firstOffset = state.transactionOffset();
        state.pen().release();
        if (firstOffset != ProducerState.NO_OFFSET) {
            decided.add(writer, firstOffset);
        }
    }

    private void enter(Decision decided) {
        decision = decided;
        become(decided.outcome() == ControlType.COMMIT
                ? TransactionStatus.PREPARE_COMMIT
                : TransactionStatus.PREPARE_ABORT);
    }

    /** Carries the decision on, as far as it goes without waiting: journal, markers, done. */
    Progress drive() {
        if (decision.isEmpty() && decision.ticket() == Decision.NOT_JOURNALED) {
            // Nothing was written, so there is nothing to decide: an empty transaction costs nothing.
            complete();
            return Progress.DONE;
        }
        if (decision.ticket() == Decision.NOT_JOURNALED) {
            long ticket = context.journal().append(transactionalId, record(status), context.now());
            if (ticket < 0) {
                return waitingFor(ticket);
            }
            decision.journaled(ticket);
        }
        if (!context.journal().isAcknowledged(decision.ticket())) {
            return Progress.PENDING;
        }
        Progress marking = mark();
        if (marking != Progress.DONE) {
            return marking;
        }
        if (!decision.markersAcknowledged()) {
            return Progress.PENDING;
        }
        complete();
        context.awaitCompletionRecord(this);
        return Progress.DONE;
    }

    private Progress mark() {
        Decision.Branch branch = decision.nextBranch();
        while (branch != null) {
            long code = branch.writer.appendMarker(markers, decision.outcome(), decision.markerEpoch(),
                    branch.firstOffset, context.now());
            if (code < 0 && code != Refusal.NOTHING_TO_END) {
                return waitingFor(code);
            }
            decision.branchMarked(code < 0 ? 0 : code + 1);
            branch = decision.nextBranch();
        }
        return Progress.DONE;
    }

    private static Progress waitingFor(long code) {
        return code == Append.OFFLINE || code == Append.CLOSED ? Progress.UNAVAILABLE : Progress.PENDING;
    }

    private void complete() {
        become(decision.outcome() == ControlType.COMMIT
                ? TransactionStatus.COMPLETE_COMMIT
                : TransactionStatus.COMPLETE_ABORT);
    }

    /** Whether this must be put on the list of those whose completion is to be journaled. */
    boolean enlistForCompletion() {
        boolean first = !awaitsCompletionRecord;
        awaitsCompletionRecord = true;
        return first;
    }

    void leaveCompletionList() {
        awaitsCompletionRecord = false;
    }

    /** Journals the completion, if the id still stands there; a later decision says as much and more. */
    boolean journalCompletion() {
        if (status == TransactionStatus.COMPLETE_COMMIT || status == TransactionStatus.COMPLETE_ABORT) {
            if (context.journal().append(transactionalId, record(status), context.now()) < 0) {
                return false;
            }
        }
        awaitsCompletionRecord = false;
        return true;
    }

    /** The journal's record of this id in {@code recordStatus}. */
    TransactionLogValue record(TransactionStatus recordStatus) {
        boolean deciding = decision != null && isDeciding();
        return new TransactionLogValue(TransactionIdentity.of(identity.producerId(), epoch), timeoutMs, recordStatus,
                deciding ? decision.topics() : List.of(), context.now(), startMs, home,
                deciding ? decision.firstOffsets() : TransactionLogValue.NO_FIRST_OFFSETS);
    }

    @Override
    public String toString() {
        return "Transaction{" + transactionalId + ", " + identity + ", epoch=" + epoch + ", status=" + status
                + ", startMs=" + startMs + ", timeoutMs=" + timeoutMs + '}';
    }
}
