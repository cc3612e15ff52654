package io.semel.transactions.coordinator;

import java.util.Optional;

import io.semel.idempotence.ProducerIdentity;
import io.semel.idempotence.ProducerIds;
import io.semel.transactions.records.TransactionIdentity;
import io.semel.transactions.records.TransactionStatus;

/**
 * InitProducerId for one transactional id, step by step: finish what is decided, abort what an older instance left
 * open, take the next epoch, and hand it out once that is acknowledged.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class Initialization {
    private static final long NOT_JOURNALED = -1;
    private static final long ON_RECORD = 0;

    private Transaction transaction;
    private final CoordinatorContext context;
    private final InstanceRequest request;
    /** Who must have it, unless nobody has; null when that is all the same. */
    private ProducerIdentity required;
    /** Whose epoch the new one takes the place of; null for nobody's. */
    private ProducerIdAndEpoch holder;
    private ProducerIdentity identity;
    /** One only: what a second one touched, the commit of the first would not know of. */
    private TransactionSession session;
    private short epoch;
    /** What it came back to was prepared: should yet another instance end that, this one can't tell how. */
    private boolean holdsPrepared;
    private long ticket = NOT_JOURNALED;
    private String awaitedOffline = "";

    Initialization(Transaction transaction, CoordinatorContext context, InstanceRequest request) {
        this.transaction = transaction;
        this.context = context;
        this.request = request;
    }

    /** Goes on as far as possible without waiting. {@code FENCED}: yet another instance took over meanwhile. */
    public Progress step() {
        Transaction current = transaction;
        if (!current.pen().tryTake()) {
            return Progress.PENDING;
        }
        try {
            if (current.owner().isForgotten() && identity == null) {
                transaction = context.transaction(current.transactionalId());
                return Progress.PENDING;
            }
            if (isReplaced()) {
                return Progress.FENCED;
            }
            return identity == null ? takeOver() : handOut();
        } finally {
            current.pen().release();
        }
    }

    /** Answers {@code FENCED} when another producer id than this has taken the transactional id. */
    void require(ProducerIdentity owner) {
        required = owner;
    }

    /** Answers {@code FENCED} when somebody else than this instance has the transactional id. */
    void inPlaceOf(ProducerIdAndEpoch instance) {
        holder = instance;
    }

    /** Whether the holder has its next epoch already, by an answer that was lost or by the end of its transaction. */
    private boolean isAnsweredBefore() {
        return holder != null && (transaction.owner().isRenewed(holder) || transaction
                .isEndedEpochOf(holder));
    }

    /** What stands there is on record, or was handed out; another epoch would fence who has heard of this one (T7). */
    private Progress answerAgain() {
        identity = transaction.owner().identity();
        epoch = transaction.owner().epoch();
        ticket = transaction.owner().isRenewed(holder) ? NOT_JOURNALED : ON_RECORD;
        return handOut();
    }

    private boolean isReplaced() {
        if (identity == null && holder != null && !transaction.owner().mayRenew(holder) && !transaction.isEndedEpochOf(
                holder)) {
            return true;
        }
        ProducerIdentity owner = transaction.owner().identity();
        return identity == null && required != null && owner != null && owner != required;
    }

    private Progress takeOver() {
        boolean keeps = request.keepsPrepared() && transaction.status() == TransactionStatus.PREPARED;
        if (transaction.status() == TransactionStatus.ONGOING || transaction.status() == TransactionStatus.PREPARED
                && !keeps) {
            transaction.fenceAndAbort("a newer instance of transactional id " + transaction.transactionalId()
                    + " took over at " + context.now() + " and aborted what was open");
        }
        Progress ended = progressOfDecided();
        if (ended != Progress.DONE) {
            return ended;
        }
        if (isAnsweredBefore()) {
            return answerAgain();
        }
        if (keeps) {
            return transaction.isPreparedPartlyOffline() ? Progress.UNAVAILABLE : comeBack();
        }
        if (transaction.fencesLeftovers()) {
            return takeOver();
        }
        if (!chooseIdentity()) {
            return Progress.PENDING;
        }
        transaction.adopt(identity, epoch, request);
        if (holder != null) {
            transaction.owner().renewedFor(holder);
        }
        return handOut();
    }

    /**
     * T1: the next record of this id takes the decision's place in the journal, so whatever is decided is carried out
     * first.
     */
    private Progress progressOfDecided() {
        if (transaction.isDeciding()) {
            Progress progress = transaction.drive();
            awaitedOffline = transaction.awaitedOffline();
            if (progress != Progress.DONE) {
                return progress;
            }
        }
        return transaction.progressOfEnded();
    }

    /** What is prepared bears its producer id; so the id stays as long as it does, and its epochs must suffice. */
    private Progress comeBack() {
        Owner owner = transaction.owner();
        if (owner.epoch() >= Owner.LAST_EPOCH_HANDED_OUT) {
            return Progress.INVALID_STATE;
        }
        identity = owner.identity();
        epoch = (short) (owner.epoch() + 1);
        transaction.adoptPrepared(epoch, request);
        holdsPrepared = true;
        return handOut();
    }

    private boolean chooseIdentity() {
        ProducerIdentity current = transaction.owner().identity();
        if (current != null && current.isAlive() && transaction.owner().epoch() < Owner.LAST_EPOCH_HANDED_OUT) {
            identity = current;
            epoch = (short) (transaction.owner().epoch() + 1);
            return true;
        }
        long issued = context.ids().tryIssue();
        if (issued == ProducerIds.NOT_YET) {
            return false;
        }
        identity = context.ids().find(issued);
        epoch = 0;
        return true;
    }

    private Progress handOut() {
        if (!transaction.owner().is(identity.producerId(), epoch)) {
            return Progress.FENCED;
        }
        if (ticket == NOT_JOURNALED) {
            // An operator may have decided what is prepared since this instance came back.
            Progress ended = progressOfDecided();
            if (ended != Progress.DONE) {
                return ended;
            }
            long code = context.journal().append(transaction.journalKey(),
                    transaction.record(transaction.isPrepared() ? TransactionStatus.PREPARED : TransactionStatus.EMPTY),
                    context.now());
            if (code < 0) {
                return DecisionJournal.isLasting(code) ? Progress.UNAVAILABLE : Progress.PENDING;
            }
            ticket = code;
        }
        Progress progress = context.journal().progressOf(ticket);
        if (progress == Progress.DONE) {
            // Its record may have been written long before its owner came to hear of it.
            transaction.activity().noted(context.now());
        }
        return progress;
    }

    /**
     * After {@code UNAVAILABLE}: the partitions, out of service until the directory is opened again, whose markers the
     * decision of the instance before waits for; empty when it is something else.
     */
    public String awaitedOffline() {
        return awaitedOffline;
    }

    /**
     * What the new instance holds, once {@link #step} said {@code DONE}; always the same. After {@code FENCED} or
     * {@code UNAVAILABLE} a session that is fenced, good for telling who it would have been. Of a producer in this
     * process: a remote one is {@link #producer()}.
     */
    public TransactionSession session() {
        if (identity == null) {
            return new TransactionSession(transaction, context, transaction.owner().identity(),
                    TransactionIdentity.NO_PRODUCER_EPOCH);
        }
        if (session == null) {
            session = new TransactionSession(transaction, context, identity, epoch);
            if (holdsPrepared) {
                session.holdPrepared();
            }
        }
        return session;
    }

    /**
     * Once {@link #step} said {@code DONE}: whose transaction is prepared and waits for its end; empty when none does.
     */
    public Optional<ProducerIdAndEpoch> prepared() {
        transaction.pen().take();
        try {
            return transaction.isPrepared() ? Optional.of(transaction.preparedBy()) : Optional.empty();
        } finally {
            transaction.pen().release();
        }
    }

    /** Who a remote instance is, once {@link #step} said {@code DONE}. */
    public ProducerIdAndEpoch producer() {
        return new ProducerIdAndEpoch(identity.producerId(), epoch);
    }
}
