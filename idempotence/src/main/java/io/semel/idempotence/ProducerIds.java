package io.semel.idempotence;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;

import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * The producer ids of one directory: issues them from journaled, ascending blocks, and knows which are alive.
 *
 * <p>A block is used only after its record is acknowledged, so no id is ever issued twice, across any crash. What is
 * left of a block when the process ends is never issued. Dead ids are kept until {@link ProducerExpiry} has had them
 * forgotten; from then on they are strangers here, and {@link DeadIds} tells recovery what they were.
 *
 * <p>Thread rule: any thread.
 */
public final class ProducerIds {
    /** Ids taken from the journal at a time: Kafka's block size; 2^63 ids last for ever. */
    public static final int BLOCK_SIZE = 1000;

    /** Answer of {@link #tryIssue} when the next block is not acknowledged yet: step the world and ask again. */
    public static final long NOT_YET = -1;

    /** Producer ids known at a time. One takes about 100 bytes, and 500 in each partition that it writes to. */
    public static final int MAX_IDS = 1_000_000;

    /** Where blocks are written before they are used. */
    public interface Journal {
        /** Appends "ids below {@code nextUnissued} may be in use"; returns a ticket, or a negative code: try again. */
        long append(long nextUnissued);

        boolean isAcknowledged(long ticket);
    }

    /** Dead ids that wait to be forgotten; what does not fit is found by the next look. */
    private static final int DEAD_QUEUE_LENGTH = 1024;

    private final Journal journal;
    private final Verdicts verdicts;
    private final DeadIds dead;
    private final MpscVarHandleArrayQueue<ProducerIdentity> died = new MpscVarHandleArrayQueue<>(
            DEAD_QUEUE_LENGTH);
    private final ConcurrentMap<Long, ProducerIdentity> identities = new ConcurrentHashMap<>();
    private final Pen pen = new Pen();
    private long next;
    private long blockEnd;
    private long pendingTicket = NOT_YET;

    /**
     * @param nextUnissued the highest value the journal holds; 0 for a new directory
     */
    public ProducerIds(Journal journal, long nextUnissued) {
        this(journal, nextUnissued, new DeadIds(), Verdicts.STRICT);
    }

    /** @param dead what the journal holds of deaths */
    public ProducerIds(Journal journal, long nextUnissued, DeadIds dead, Verdicts verdicts) {
        this.journal = journal;
        this.dead = dead;
        this.verdicts = verdicts;
        this.next = nextUnissued;
        this.blockEnd = nextUnissued;
    }

    /**
     * Issues a fresh id at epoch 0, or {@link #NOT_YET}.
     *
     * @throws ProducerLimitException when {@link #MAX_IDS} are known already
     */
    public long tryIssue() {
        if (identities.size() >= MAX_IDS) {
            throw new ProducerLimitException(MAX_IDS);
        }
        if (!pen.tryTake()) {
            return NOT_YET;
        }
        try {
            while (next < blockEnd || openBlock()) {
                long issued = next++;
                // An id that a log knows although the journal's end was lost is passed over, never issued again (I4).
                if (!dead.contains(issued)
                        && identities.putIfAbsent(issued, ProducerIdentity.issued(issued)) == null) {
                    return issued;
                }
            }
            return NOT_YET;
        } finally {
            pen.release();
        }
    }

    private boolean openBlock() {
        if (pendingTicket < 0) {
            pendingTicket = journal.append(blockEnd + BLOCK_SIZE);
        }
        if (pendingTicket < 0 || !journal.isAcknowledged(pendingTicket)) {
            return false;
        }
        pendingTicket = NOT_YET;
        blockEnd += BLOCK_SIZE;
        return true;
    }

    /** The identity of an id that is alive, or null: the one place where absence is an answer, on a cold path. */
    public ProducerIdentity find(long producerId) {
        ProducerIdentity identity = identities.get(producerId);
        return identity != null && identity.isAlive() ? identity : null;
    }

    /**
     * Recovery found {@code producerId} at {@code epoch} in a log: it is alive with the highest epoch found, unless its
     * death is on record.
     */
    public ProducerIdentity revive(long producerId, short epoch) {
        ProducerIdentity identity = identities.computeIfAbsent(producerId, id -> found(id, epoch));
        identity.raise(epoch, "a newer instance found in the log");
        return identity;
    }

    private ProducerIdentity found(long producerId, short epoch) {
        ProducerIdentity identity = ProducerIdentity.found(producerId, epoch);
        if (dead.contains(producerId)) {
            identity.expire("the death of producer id " + producerId + " was on record when the directory was opened");
        }
        return identity;
    }

    /** Ends an id that another one has replaced, and has it forgotten soon. */
    public void retire(ProducerIdentity identity, String because) {
        identity.retire(because);
        died.offer(identity);
    }

    /**
     * Ends an id that nobody uses, and has it forgotten soon; false when it is at work. I4a: looked at again once it is
     * refused, for it may have begun to write in between.
     */
    public boolean tryExpire(ProducerIdentity identity, String because, BooleanSupplier isBusy) {
        if (isBusy.getAsBoolean()) {
            return false;
        }
        identity.expire(because);
        if (identity.isUsed() || isBusy.getAsBoolean()) {
            identity.goOn();
            return false;
        }
        died.offer(identity);
        return true;
    }

    /** Whether the death of an id is on the medium. */
    public boolean isBuried(long producerId) {
        return dead.contains(producerId);
    }

    ProducerIdentity pollDead() {
        return died.poll();
    }

    Collection<ProducerIdentity> all() {
        return identities.values();
    }

    DeadIds dead() {
        return dead;
    }

    /** Its death is on the medium. */
    void buried(ProducerIdentity identity) {
        long block = DeadIds.blockOf(identity.producerId());
        dead.put(block, DeadIds.with(dead.block(block), identity.producerId()));
        identity.forget();
    }

    /** Its partitions have forgotten it. */
    void forget(ProducerIdentity identity) {
        identities.remove(identity.producerId(), identity);
    }

    Verdicts verdicts() {
        return verdicts;
    }

    /** Dead ones included that are not forgotten yet: what is counted against {@link #MAX_IDS}. */
    public int knownCount() {
        return identities.size();
    }

    public int liveCount() {
        return (int) identities.values().stream().filter(ProducerIdentity::isAlive).count();
    }
}
