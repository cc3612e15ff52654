package io.semel.transactions.coordinator;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

import io.semel.idempotence.Pen;
import io.semel.idempotence.ProducerIdentity;
import io.semel.idempotence.ProducerState;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
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
    private final Joined joined = new Joined();
    private TransactionStatus status = TransactionStatus.EMPTY;
    private final Owner owner;
    private final Beginning beginning;
    private Decision decision;
    /** What {@link TransactionStatus#PREPARED} stands for: its branches, as a commit that nobody has decided yet. */
    private Decision prepared;
    /** In which epoch it was; the owner's is higher when he came back to it. */
    private short preparedEpoch;
    private final PreviousDecision previous;
    private final OngoingRecord ongoing;
    private long refusal;
    private final CompletionRecord completion;
    private final Activity activity = new Activity();
    private volatile boolean parked;

    Transaction(String transactionalId, CoordinatorContext context) {
        this.transactionalId = transactionalId;
        this.journalKey = DecisionJournal.keyOf(transactionalId);
        this.context = context;
        this.owner = new Owner(transactionalId, context.ids());
        this.beginning = new Beginning(context);
        this.previous = new PreviousDecision(context);
        this.ongoing = new OngoingRecord(context);
        this.completion = new CompletionRecord(context);
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

    Owner owner() {
        return owner;
    }

    /** Notes what comes of its own accord: a transaction's begin, a record. */
    Activity activity() {
        return activity;
    }

    /** Whether the decision at hand stands where no crash of this process takes it away: it is carried out then (T8). */
    boolean isDecisionAcknowledged() {
        return decision.isEmpty() || decision.ticket() != Decision.NOT_JOURNALED
                && context.journal().progressOf(decision.ticket()) == Progress.DONE;
    }

    /**
     * Whether the transaction that ended last, or is ending, was of {@code instance}, whose epoch ended with it. A newer
     * instance would have begun anew.
     */
    boolean isEndedEpochOf(ProducerIdAndEpoch instance) {
        boolean hasEnded = isDeciding() || status == TransactionStatus.COMPLETE_COMMIT
                || status == TransactionStatus.COMPLETE_ABORT;
        return hasEnded && owner.hasNewEpochAtEveryEnd() && owner.follows(instance);
    }

    private void become(TransactionStatus next) {
        Transitions.check(transactionalId, status, next);
        status = next;
    }

    /** Takes over a new identity; everything older is refused by every partition from here on. */
    void adopt(ProducerIdentity newIdentity, short newEpoch, InstanceRequest request) {
        become(TransactionStatus.EMPTY);
        owner.become(newIdentity, newEpoch, request, takenOver());
        beginning.forget();
        decision = null;
        parked = false;
    }

    /** Takes over what an older instance of the same producer id has prepared, without ending it. */
    void adoptPrepared(short newEpoch, InstanceRequest request) {
        owner.become(owner.identity(), newEpoch, request, takenOver());
        parked = false;
    }

    /** Puts the id where the journal's last record of it left it; returns how many branches of a commit are lost. */
    int recover(TransactionLogValue last, ProducerIdentity revived, PartitionLookup partitions) {
        owner.recover(last.identity(), revived, last.timeoutMs(), last.home());
        activity.recovered(last.lastUpdateTimestampMs());
        beginning.recovered(last.startTimestampMs());
        status = last.status();
        List<TransactionTopic> topics = last.topics() == null ? List.of() : last.topics();
        if (isPrepared()) {
            preparedEpoch = last.identity().producerEpoch();
            prepared = Decision.recovered(ControlType.COMMIT, revived.producerId(), preparedEpoch, topics, last
                    .firstOffsets(), partitions);
            return prepared.lostBranches();
        }
        if (isOngoing()) {
            joined.recover(topics, partitions);
            ongoing.recovered(joined.count());
        }
        if (isDeciding()) {
            ControlType outcome = status == TransactionStatus.PREPARE_COMMIT ? ControlType.COMMIT : ControlType.ABORT;
            decision = Decision.recovered(outcome, revived.producerId(), owner.epoch(), topics, last.firstOffsets(),
                    partitions);
            return decision.lostBranches();
        }
        return 0;
    }

    /** I4a: no transaction is open, prepared or decided, no offset staged, and no marker may need its decision again. */
    boolean isAtRest() {
        boolean ended = status == TransactionStatus.EMPTY || status == TransactionStatus.COMPLETE_COMMIT
                || status == TransactionStatus.COMPLETE_ABORT;
        return ended && !completion.isAwaited() && progressOfEnded() == Progress.DONE;
    }

    /**
     * Goes on after a restart with what the owner has open, of which these partitions hold something. Its time counts on; if it
     * is not on record yet, then from now on.
     */
    void goOn(List<Partition> open) {
        if (!isOngoing()) {
            begin();
        }
        open.forEach(joined::add);
    }

    /** Nothing is written: that a transaction is open is known from the partitions. */
    void begin() {
        become(TransactionStatus.ONGOING);
        previous.setAside(decision);
        ongoing.clear();
        owner.heard();
        decision = null;
        beginning.isNow();
        activity.noted(beginning.wallMs());
    }

    /** Of the last transaction; none when none has begun in this epoch. */
    Beginning beginning() {
        return beginning;
    }

    Joined joined() {
        return joined;
    }

    OngoingRecord ongoing() {
        return ongoing;
    }

    CompletionRecord completion() {
        return completion;
    }

    boolean isOngoing() {
        return status == TransactionStatus.ONGOING;
    }

    boolean isDeciding() {
        return status == TransactionStatus.PREPARE_COMMIT || status == TransactionStatus.PREPARE_ABORT;
    }

    boolean isPrepared() {
        return status == TransactionStatus.PREPARED;
    }

    /** Whether part of what is prepared waits for the next opening: a record of it now would not name that part (T1). */
    boolean isPreparedPartlyOffline() {
        return isPrepared() && prepared.isPartlyOffline(context.partitions());
    }

    /** Who was to decide what is prepared when it was. */
    ProducerIdAndEpoch preparedBy() {
        return new ProducerIdAndEpoch(owner.identity().producerId(), preparedEpoch);
    }

    /** Whether what its producer has open there is prepared or goes on, and is not a leftover. */
    boolean keeps(Partition partition, ProducerState state) {
        return isPrepared()
                ? prepared.holds(partition, state.transactionOffset())
                : isOngoing() && state.epoch() == owner.epoch();
    }

    /** No background work for this id until the next {@link #adopt}: it failed. Without the pen, alike {@link #isParked}. */
    void park() {
        parked = true;
    }

    boolean isParked() {
        return parked;
    }

    boolean isTimedOut() {
        return status == TransactionStatus.ONGOING && beginning.isOlderThan(owner.request().timeoutMs());
    }

    /**
     * Decides over the branches that the owner touched. Behind another writer's unpublished claim data is not safe yet: a
     * commit that were decided now would lose it with the claim. Then nothing is decided, and the owner asks again.
     */
    Progress decide(ControlType outcome, List<PartitionWriter> touched) {
        Decision decided = new Decision(outcome, owner.epoch());
        for (PartitionWriter writer : touched) {
            decided.add(writer);
        }
        return decideIfSafe(decided);
    }

    private Progress decideIfSafe(Decision decided) {
        Progress data = decided.outcome() == ControlType.COMMIT
                ? decided.progressOfData(context.partitions(), context.durability())
                : Progress.DONE;
        if (data == Progress.DONE) {
            enter(decided);
        }
        return data;
    }

    /**
     * The first of two phases (KIP-939): once the record that names the branches is acknowledged, only a decision ends the
     * transaction; no timeout and no crash does.
     */
    Progress prepare(List<PartitionWriter> touched) {
        if (status == TransactionStatus.ONGOING) {
            Decision undecided = new Decision(ControlType.COMMIT, owner.epoch());
            touched.forEach(undecided::add);
            Progress data = undecided.progressOfData(context.partitions(), context.durability());
            Progress before = data == Progress.DONE ? previous.progress() : data;
            if (before != Progress.DONE) {
                return before;
            }
            undecided.seal();
            prepared = undecided;
            preparedEpoch = owner.epoch();
            become(TransactionStatus.PREPARED);
        }
        return isPrepared() ? journalPrepared() : Progress.INVALID_STATE;
    }

    private Progress journalPrepared() {
        if (prepared.ticket() == Decision.NOT_JOURNALED) {
            long ticket = context.journal().append(journalKey, record(status), context.now());
            if (ticket < 0) {
                refusal = ticket;
                return DecisionJournal.isLasting(ticket) ? Progress.UNAVAILABLE : Progress.PENDING;
            }
            prepared.journaled(ticket);
        }
        return context.journal().progressOf(prepared.ticket());
    }

    /** Ends what is prepared, whoever decides: its owner, by either rules, or an operator. */
    Progress endPrepared(ControlType outcome) {
        if (outcome == ControlType.COMMIT && prepared.isPartlyOffline(context.partitions())) {
            return Progress.UNAVAILABLE;
        }
        if (owner.hasNewEpochAtEveryEnd()) {
            if (!owner.reserveSuccessor()) {
                return Progress.PENDING;
            }
            closeEpoch();
            owner.endEpoch();
        }
        enter(prepared.decided(outcome, owner.epoch()));
        return drive();
    }

    /** Decides over what a remote transaction has joined, and carries that out as far as it goes. */
    Progress endJoined(ControlType outcome) {
        joined.withdraw();
        Progress decided = owner.hasNewEpochAtEveryEnd()
                ? decideAndRaise(outcome)
                : decide(outcome, joined.writers(owner.identity().producerId()));
        return decided == Progress.DONE ? drive() : decided;
    }

    /**
     * The epoch rises before the branches are looked at: whatever has not landed by then is refused everywhere (T6, T7). It
     * is the transaction's own until all is safe, so whoever asks again goes on here.
     */
    private Progress decideAndRaise(ControlType outcome) {
        if (!owner.reserveSuccessor()) {
            return Progress.PENDING;
        }
        short next = closeEpoch();
        Decision decided = new Decision(outcome, next);
        joined.writers(owner.identity().producerId()).forEach(decided::add);
        Progress progress = decideIfSafe(decided);
        if (progress == Progress.DONE) {
            owner.endEpoch();
        }
        return progress;
    }

    private short closeEpoch() {
        return owner.closeEpoch("the transaction of " + transactionalId + " in epoch " + owner.epoch()
                + " was ended at " + context.now() + ", and its epoch with it");
    }

    /** The answer to an end that was decided before: it goes on, or is done, if it asks for the same outcome. */
    Progress endAgain(ControlType outcome) {
        return switch (status) {
            case PREPARE_COMMIT -> outcome == ControlType.COMMIT ? drive() : Progress.INVALID_STATE;
            case PREPARE_ABORT -> outcome == ControlType.ABORT ? drive() : Progress.INVALID_STATE;
            case COMPLETE_COMMIT -> outcome == ControlType.COMMIT ? Progress.DONE : Progress.INVALID_STATE;
            case COMPLETE_ABORT -> outcome == ControlType.ABORT ? Progress.DONE : Progress.INVALID_STATE;
            case EMPTY, ONGOING, PREPARED, DEAD, PREPARE_EPOCH_FENCE -> Progress.INVALID_STATE;
        };
    }

    /**
     * Takes the transaction from its owner and aborts it: raises the epoch first, so that no batch of the owner can follow
     * (T6), and then looks into every partition for what was left open. There always is a higher epoch: the highest is
     * never handed out.
     */
    void fenceAndAbort(String because) {
        fenceAndAbort(because, context.partitions().all());
    }

    /** The same, where it is known which partitions can hold something of it. */
    void fenceAndAbort(String because, Collection<Partition> touched) {
        joined.withdraw();
        owner.fence(because);
        ongoing.oweEnd();
        enter(isPrepared()
                ? prepared.decided(ControlType.ABORT, owner.epoch())
                : Decision.abortOfAllThatIsOpen(owner, touched));
    }

    /** The same for what was left open by somebody whom this id does not know of any more. */
    void fenceAndAbortLeftovers(String because) {
        fenceAndAbortLeftovers(because, context.partitions().all());
    }

    void fenceAndAbortLeftovers(String because, Collection<Partition> touched) {
        if (!isOngoing() && !isPrepared()) {
            begin();
        }
        fenceAndAbort(because, touched);
    }

    /** Whether a batch that nobody verified opened something: that is aborted. The epoch is closed first, so none follows. */
    boolean fencesLeftovers() {
        if (owner.identity() == null || !owner.identity().isAlive() || owner.epoch() == Short.MAX_VALUE) {
            return false;
        }
        String because = takenOver();
        owner.closeEpoch(because);
        if (!hasLeftovers()) {
            return false;
        }
        fenceAndAbortLeftovers(because);
        return true;
    }

    boolean hasLeftovers() {
        return !Decision.abortOfAllThatIsOpen(owner, context.partitions().all()).isEmpty();
    }

    private String takenOver() {
        return "a newer instance of transactional id " + transactionalId + " took over at " + context.now();
    }

    private void enter(Decision decided) {
        decided.seal();
        decision = decided;
        joined.clear();
        become(decided.outcome() == ControlType.COMMIT
                ? TransactionStatus.PREPARE_COMMIT
                : TransactionStatus.PREPARE_ABORT);
    }

    /** Carries the decision on, as far as it goes without waiting: journal, markers, done. */
    Progress drive() {
        if (decision.ticket() == Decision.NOT_JOURNALED) {
            if (decision.isEmpty() && prepared == null && !owner.hasNewEpochAtEveryEnd() && !ongoing.owesEnd()) {
                // Nothing was written, so there is nothing to decide: an empty transaction costs nothing. But an epoch that
                // is told to somebody must be on record, and so must the end of what is.
                complete();
                return Progress.DONE;
            }
            Progress before = previous.progress();
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

    /** {@code DONE} once nobody needs the decision that was carried out last: before another record of this id. */
    Progress progressOfEnded() {
        previous.setAside(decision);
        return previous.progress();
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
        prepared = null;
        owner.succeed();
    }

    /** The journal's record of this id in {@code recordStatus}. */
    TransactionLogValue record(TransactionStatus recordStatus) {
        activity.noted(context.now());
        if (isPrepared()) {
            return record(recordStatus, owner.onRecordSince(preparedEpoch), prepared.topics(), prepared.firstOffsets());
        }
        if (recordStatus == TransactionStatus.ONGOING) {
            return record(recordStatus, owner.onRecord(), joined.topics(), TransactionLogValue.NO_FIRST_OFFSETS);
        }
        return isDeciding()
                ? record(recordStatus, owner.onRecord(), decision.topics(), decision.firstOffsets())
                : record(recordStatus, owner.onRecord(), List.of(), TransactionLogValue.NO_FIRST_OFFSETS);
    }

    private TransactionLogValue record(TransactionStatus recordStatus, TransactionIdentity who,
            List<TransactionTopic> topics, long[] firstOffsets) {
        return new TransactionLogValue(who, owner.request().timeoutMs(), recordStatus, topics, activity.lastMs(),
                beginning.wallMs(), owner.request().home(), firstOffsets);
    }

    @Override
    public String toString() {
        return "Transaction{" + transactionalId + ", " + owner + ", status=" + status + ", startMs=" + beginning
                .wallMs() + '}';
    }
}
