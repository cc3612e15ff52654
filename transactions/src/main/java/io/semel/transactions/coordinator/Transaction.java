package io.semel.transactions.coordinator;

import java.nio.ByteBuffer;
import java.util.List;

import io.semel.idempotence.Pen;
import io.semel.idempotence.ProducerIdentity;
import io.semel.idempotence.ProducerState;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionIdentity;
import io.semel.transactions.records.TransactionLogValue;
import io.semel.transactions.records.TransactionStatus;
import io.semel.transactions.records.TransactionTopic;

/**
 * One transactional id: who it is now, and its transaction's way from begin to completion.
 *
 * <p>Invariants: one decision at a time, and no new transaction before every marker of the last is acknowledged (T1, T7);
 * a commit is journaled only once all of its data is acknowledged, and a decision is acknowledged before its first marker
 * is written (T1); whoever raises the epoch first decides what the fenced instance left open (T6).
 *
 * <p>Thread rule: everything under {@link #pen()}.
 */
final class Transaction {
    private final String transactionalId;
    private final ByteBuffer journalKey;
    private final CoordinatorContext context;
    private final Pen pen = new Pen();
    private final ControlBatches markers = new ControlBatches();
    private TransactionStatus status = TransactionStatus.EMPTY;
    private ProducerIdentity identity;
    private short epoch = TransactionIdentity.NO_PRODUCER_EPOCH;
    /** The id before this one, dead for ever: restarts hear it from the journal, for the logs still hold its batches (I4). */
    private long previousProducerId = TransactionIdentity.NO_PRODUCER_ID;
    private int timeoutMs;
    private TransactionHome home = TransactionHome.EMBEDDED;
    private long startMs = TransactionLogValue.NO_TIMESTAMP;
    private Decision decision;
    /** The decision before, until its markers are acknowledged. */
    private Decision previous;
    private long refusal;
    private boolean awaitsCompletionRecord;
    private volatile boolean parked;

    Transaction(String transactionalId, CoordinatorContext context) {
        this.transactionalId = transactionalId;
        this.journalKey = DecisionJournal.keyOf(transactionalId);
        this.context = context;
    }

    String transactionalId() {
        return transactionalId;
    }

    ByteBuffer journalKey() {
        return journalKey;
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

    /** When the last transaction began; {@link TransactionLogValue#NO_TIMESTAMP} when none has in this epoch. */
    long startMs() {
        return startMs;
    }

    TransactionHome home() {
        return home;
    }

    /** Whether the decision at hand stands where no crash of this process takes it away: it is carried out then (T8). */
    boolean isDecisionAcknowledged() {
        return decision.isEmpty() || decision.ticket() != Decision.NOT_JOURNALED
                && context.journal().progressOf(decision.ticket()) == Progress.DONE;
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
            previousProducerId = identity.producerId();
        }
        newIdentity.raise(newEpoch, because);
        identity = newIdentity;
        epoch = newEpoch;
        timeoutMs = newTimeoutMs;
        home = newHome;
        startMs = TransactionLogValue.NO_TIMESTAMP;
        decision = null;
        parked = false;
    }

    /** Puts the id where the journal's last record of it left it; returns how many branches of a commit are lost. */
    int recover(TransactionLogValue last, ProducerIdentity revived, PartitionLookup partitions) {
        identity = revived;
        epoch = last.identity().producerEpoch();
        previousProducerId = last.identity().previousProducerId();
        timeoutMs = last.timeoutMs();
        home = last.home();
        startMs = last.startTimestampMs();
        status = last.status();
        List<TransactionTopic> topics = last.topics() == null ? List.of() : last.topics();
        if (status == TransactionStatus.PREPARE_COMMIT || status == TransactionStatus.PREPARE_ABORT) {
            ControlType outcome = status == TransactionStatus.PREPARE_COMMIT ? ControlType.COMMIT : ControlType.ABORT;
            decision = Decision.recovered(outcome, revived.producerId(), epoch, topics, last.firstOffsets(),
                    partitions);
            return decision.lostBranches();
        }
        return 0;
    }

    /** Nothing is written: that a transaction is open is known from the partitions. */
    void begin() {
        become(TransactionStatus.ONGOING);
        setAside();
        decision = null;
        startMs = context.now();
    }

    boolean isDeciding() {
        return status == TransactionStatus.PREPARE_COMMIT || status == TransactionStatus.PREPARE_ABORT;
    }

    /** No background work for this id until the next {@link #adopt}: it failed. Without the pen, alike {@link #isParked}. */
    void park() {
        parked = true;
    }

    boolean isParked() {
        return parked;
    }

    boolean isTimedOut(long nowMs) {
        return status == TransactionStatus.ONGOING && nowMs - startMs > timeoutMs;
    }

    /**
     * Decides over the branches that the owner touched. Behind another writer's unpublished claim data is not safe yet: a
     * commit that were decided now would lose it with the claim. Then nothing is decided, and the owner asks again.
     */
    Progress decide(ControlType outcome, List<PartitionWriter> touched) {
        Decision decided = new Decision(outcome, epoch);
        for (PartitionWriter writer : touched) {
            decided.add(writer);
        }
        Progress data = outcome == ControlType.COMMIT ? decided.progressOfData(context.partitions(), context
                .durability()) : Progress.DONE;
        if (data == Progress.DONE) {
            enter(decided);
        }
        return data;
    }

    /**
     * Takes the transaction from its owner and aborts it: raises the epoch first, so that no batch of the owner can follow
     * (T6), and then looks into every partition for what was left open. There always is a higher epoch: the highest is
     * never handed out.
     */
    void fenceAndAbort(String because) {
        epoch++;
        identity.raise(epoch, because);
        Decision decided = new Decision(ControlType.ABORT, epoch);
        for (Partition partition : context.partitions().all()) {
            ProducerState state = partition.producer(identity.producerId());
            if (state != null) {
                decided.add(partition.openWriter(state));
            }
        }
        enter(decided);
    }

    private void enter(Decision decided) {
        decided.seal();
        decision = decided;
        become(decided.outcome() == ControlType.COMMIT
                ? TransactionStatus.PREPARE_COMMIT
                : TransactionStatus.PREPARE_ABORT);
    }

    /** Carries the decision on, as far as it goes without waiting: journal, markers, done. */
    Progress drive() {
        if (decision.ticket() == Decision.NOT_JOURNALED) {
            if (decision.isEmpty()) {
                // Nothing was written, so there is nothing to decide: an empty transaction costs nothing.
                complete();
                return Progress.DONE;
            }
            Progress before = progressOfPrevious();
            if (before != Progress.DONE) {
                return before;
            }
            long ticket = context.journal().append(journalKey, record(status), context.now());
            if (ticket < 0) {
                refusal = ticket;
                return DecisionJournal.isLasting(ticket) ? Progress.UNAVAILABLE : Progress.PENDING;
            }
            decision.journaled(ticket);
        }
        Progress journaled = context.journal().progressOf(decision.ticket());
        if (journaled != Progress.DONE) {
            return journaled;
        }
        Progress carriedOut = decision.carryOut(markers, context.partitions(), context.now());
        if (carriedOut != Progress.DONE) {
            refusal = decision.refusal();
            return carriedOut;
        }
        complete();
        context.awaitCompletionRecord(this);
        return Progress.DONE;
    }

    /** An empty decision was never journaled, and leaves the one before it in place. */
    private void setAside() {
        if (decision != null && !decision.isEmpty()) {
            previous = decision;
        }
    }

    /**
     * {@code DONE} once nobody needs the decision before any more. The next record of this id takes its place in the journal:
     * if power then took its markers away, nobody could put them back (T1).
     */
    private Progress progressOfPrevious() {
        Progress progress = previous == null ? Progress.DONE : previous.progressOfMarkers(context.partitions(), context
                .durability());
        if (progress == Progress.DONE) {
            previous = null;
        }
        return progress;
    }

    /** As {@link #progressOfPrevious}, of the decision that was carried out last: before another instance takes over. */
    Progress progressOfEnded() {
        setAside();
        return progressOfPrevious();
    }

    /** The last code with which journal or partition refused the decision, for whoever gives up waiting; 0 for none. */
    long refusal() {
        return refusal;
    }

    /** The partitions, out of service, whose markers alone are missing; empty when anything else is, or nothing. */
    String awaitedOffline() {
        return decision != null && decision.awaitsOffline() ? decision.offlinePartitions() : "";
    }

    /** Markers written for the decision at hand. */
    int markersWritten() {
        return decision.markersWritten();
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

    /**
     * Journals the completion, if the id still stands there; a later decision says as much and more. None is journaled when a
     * marker never gets to the medium: recovery will need the decision to put it back (T1).
     */
    boolean journalCompletion() {
        if (status == TransactionStatus.COMPLETE_COMMIT || status == TransactionStatus.COMPLETE_ABORT) {
            Progress ended = progressOfEnded();
            if (ended == Progress.PENDING) {
                return false;
            }
            if (ended == Progress.DONE && context.journal().append(journalKey, record(status), context.now()) < 0) {
                return false;
            }
        }
        awaitsCompletionRecord = false;
        return true;
    }

    /** The journal's record of this id in {@code recordStatus}. */
    TransactionLogValue record(TransactionStatus recordStatus) {
        boolean deciding = decision != null && isDeciding();
        TransactionIdentity who = new TransactionIdentity(identity.producerId(), epoch, previousProducerId,
                TransactionIdentity.NO_PRODUCER_ID, TransactionIdentity.NO_PRODUCER_EPOCH, (short) 0);
        return new TransactionLogValue(who, timeoutMs, recordStatus, deciding ? decision.topics() : List.of(), context
                .now(), startMs, home,
                deciding ? decision.firstOffsets() : TransactionLogValue.NO_FIRST_OFFSETS);
    }

    @Override
    public String toString() {
        return "Transaction{" + transactionalId + ", " + identity + ", epoch=" + epoch + ", status=" + status
                + ", startMs=" + startMs + ", timeoutMs=" + timeoutMs + '}';
    }
}
