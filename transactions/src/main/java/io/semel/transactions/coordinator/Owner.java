package io.semel.transactions.coordinator;

import io.semel.idempotence.ProducerIdentity;
import io.semel.idempotence.ProducerIds;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionIdentity;

/**
 * Who a transactional id is: its producer id and epoch, the ids before and after, and what its newest instance asked
 * for.
 *
 * <p>Invariants: the epoch only rises, and the highest is never handed out, so that there is always one left to fence
 * with and to mark the last end with (I5); an id that was left stays dead (I4).
 *
 * <p>Thread rule: under the pen of its transactional id.
 */
final class Owner {
    static final short LAST_EPOCH_HANDED_OUT = Short.MAX_VALUE - 1;

    private static final InstanceRequest NOBODY = new InstanceRequest(0, TransactionHome.EMBEDDED,
            TransactionRules.ONE_EPOCH, InstanceRequest.Takeover.ABORTS);

    private final String transactionalId;
    private final ProducerIds ids;
    private ProducerIdentity identity;
    private short epoch = TransactionIdentity.NO_PRODUCER_EPOCH;
    /**
     * The id before this one, dead for ever: restarts hear it from the journal, for the logs still hold its batches
     * (I4).
     */
    private long previousProducerId = TransactionIdentity.NO_PRODUCER_ID;
    /** The id after this one, when the transaction at hand ends its last epoch. Null for none. */
    private ProducerIdentity successor;
    private InstanceRequest request = NOBODY;
    /** Whether its instance turned out to speak by other rules than the journal says. */
    private boolean owesRules;
    /**
     * Who may still ask for the newest epoch: it held the one before, and nobody else was handed one since. Null for
     * none.
     */
    private ProducerIdAndEpoch forerunner;
    /** Whether it did ask, and the newest epoch is its own, though it may not have heard so. */
    private boolean renewed;
    private boolean forgotten;

    Owner(String transactionalId, ProducerIds ids) {
        this.transactionalId = transactionalId;
        this.ids = ids;
    }

    /** Puts it where a record left it. */
    void recover(TransactionIdentity who, ProducerIdentity revived, int timeoutMs, TransactionHome home) {
        identity = revived;
        identity.own();
        epoch = who.producerEpoch();
        previousProducerId = who.previousProducerId();
        request = new InstanceRequest(timeoutMs, home, TransactionRules.of(who.clientVersion()),
                InstanceRequest.Takeover.ABORTS);
        if (who.renewedEpoch() != TransactionIdentity.NO_PRODUCER_EPOCH) {
            renewed = true;
            forerunner = new ProducerIdAndEpoch(epoch == 0 ? previousProducerId : who.producerId(), who.renewedEpoch());
        }
        if (who.nextProducerId() == who.producerId()) {
            // A newer instance came back to what an older one had prepared, and is on record beside it.
            epoch = who.nextProducerEpoch();
            identity.raise(epoch, "a newer instance of transactional id " + transactionalId + " found in the journal");
        } else if (who.nextProducerId() != TransactionIdentity.NO_PRODUCER_ID) {
            succeedWith(ids.revive(who.nextProducerId(), (short) 0));
        }
    }

    /** Null before the first instance. */
    ProducerIdentity identity() {
        return identity;
    }

    short epoch() {
        return epoch;
    }

    InstanceRequest request() {
        return request;
    }

    /**
     * By which rules the transaction at hand goes: nothing says so when an instance comes, its first message does. Only
     * just before a transaction begins, or ends that was prepared, for what was answered before must hold (T7).
     */
    void speak(TransactionRules spoken) {
        if (spoken != request.rules()) {
            request = request.by(spoken);
            owesRules = true;
        }
    }

    /** Whether a restart would go by other rules. */
    boolean owesRules() {
        return owesRules;
    }

    void rulesAreOnRecord() {
        owesRules = false;
    }

    boolean speaks(TransactionRules rules) {
        return request.rules() == rules;
    }

    boolean hasNewEpochAtEveryEnd() {
        return speaks(TransactionRules.NEW_EPOCH_AT_EVERY_END);
    }

    /** Whether it may be forgotten: its producer id is dead of disuse, or it never got one. */
    boolean isExpired() {
        return identity == null || identity.isExpired();
    }

    /**
     * The journal knows the transactional id no more. Whoever holds on to this is to ask for the one that comes next.
     */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** The newest instance. */
    ProducerIdAndEpoch newest() {
        return new ProducerIdAndEpoch(identity.producerId(), epoch);
    }

    /** Whether an instance that was handed {@code itsId} and {@code itsEpoch} is still the newest one. */
    boolean is(long itsId, short itsEpoch) {
        return identity != null && identity.producerId() == itsId && epoch == itsEpoch && identity.isAlive();
    }

    boolean is(ProducerIdAndEpoch instance) {
        return is(instance.producerId(), instance.epoch());
    }

    /** Whether {@code other} is one epoch behind, and the epoch now is one that can be handed out in its place. */
    boolean follows(ProducerIdAndEpoch other) {
        if (epoch == 0) {
            return other.producerId() == previousProducerId && other.epoch() == LAST_EPOCH_HANDED_OUT;
        }
        return is(other.producerId(), (short) (other.epoch() + 1)) && (epoch <= LAST_EPOCH_HANDED_OUT
                || successor != null);
    }

    /**
     * Whether {@code holder} may have the next epoch in place of its own (KIP-360), or in place of one it was fenced
     * from.
     */
    boolean mayRenew(ProducerIdAndEpoch holder) {
        return identity == null || newest().equals(holder) || holder.equals(forerunner);
    }

    /** Whether the newest epoch is the one that {@code holder} asked for in place of its own. */
    boolean isRenewed(ProducerIdAndEpoch holder) {
        return renewed && holder.equals(forerunner);
    }

    /** The newest epoch was handed to nobody but {@code holder}, which asked for it. */
    void renewedFor(ProducerIdAndEpoch holder) {
        forerunner = holder;
        renewed = true;
    }

    /** Who has the newest epoch has heard so: it speaks in its name. */
    void heard() {
        forerunner = null;
        renewed = false;
    }

    /** Becomes another instance; everything older is refused by every partition from here on (T6). */
    void become(ProducerIdentity newIdentity, short newEpoch, InstanceRequest newRequest, String because) {
        if (identity != null && identity != newIdentity) {
            leave(because);
        }
        newIdentity.raise(newEpoch, because);
        newIdentity.own();
        heard();
        identity = newIdentity;
        epoch = newEpoch;
        successor = null;
        request = newRequest;
        owesRules = false;
    }

    private void leave(String because) {
        ids.retire(identity, because);
        previousProducerId = identity.producerId();
    }

    /** Raises the epoch: no batch of the instance that had it can follow (T6). */
    void fence(String because) {
        forerunner = newest();
        renewed = false;
        epoch++;
        identity.raise(epoch, because);
    }

    /** The last epoch is followed by the first one of another id; false when that can't be had yet. */
    boolean reserveSuccessor() {
        if (epoch < LAST_EPOCH_HANDED_OUT || successor != null) {
            return true;
        }
        long issued = ids.tryIssue();
        if (issued == ProducerIds.NOT_YET) {
            return false;
        }
        succeedWith(ids.find(issued));
        return true;
    }

    private void succeedWith(ProducerIdentity next) {
        next.own();
        successor = next;
    }

    /**
     * Refuses what has not landed yet of the epoch; it stays the newest one's until {@link #endEpoch}. Returns the
     * next.
     */
    short closeEpoch(String because) {
        short next = (short) (epoch + 1);
        identity.raise(next, because);
        return next;
    }

    void endEpoch() {
        heard();
        epoch++;
    }

    /** Once the transaction of the last epoch is complete. */
    void succeed() {
        if (successor != null) {
            leave("transactional id " + transactionalId + " got a new producer id at its last epoch");
            identity = successor;
            epoch = 0;
            successor = null;
        }
    }

    /** With what a newer instance has left prepared since {@code preparedEpoch}, as KIP-939 writes it. */
    TransactionIdentity onRecordSince(short preparedEpoch) {
        if (preparedEpoch == epoch) {
            return onRecord();
        }
        return new TransactionIdentity(identity.producerId(), preparedEpoch, previousProducerId, identity.producerId(),
                epoch, request.rules().clientVersion());
    }

    TransactionIdentity onRecord() {
        long next = successor == null ? TransactionIdentity.NO_PRODUCER_ID : successor.producerId();
        return new TransactionIdentity(identity.producerId(), epoch, previousProducerId, next,
                TransactionIdentity.NO_PRODUCER_EPOCH, request.rules().clientVersion(), renewed ? forerunner.epoch()
                        : TransactionIdentity.NO_PRODUCER_EPOCH);
    }

    @Override
    public String toString() {
        return identity + ", epoch=" + epoch + ", timeoutMs=" + request.timeoutMs();
    }
}
