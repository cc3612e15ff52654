package io.semel.idempotence;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The producer ids of one directory: issues them from journaled, ascending blocks, and knows which are alive.
 *
 * <p>A block is used only after its record is acknowledged, so no id is ever issued twice, across any crash. What is
 * left of a block when the process ends is never issued.
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

    private final Journal journal;
    private final Verdicts verdicts;
    private final ConcurrentMap<Long, ProducerIdentity> identities = new ConcurrentHashMap<>();
    private final Pen pen = new Pen();
    private long next;
    private long blockEnd;
    private long pendingTicket = NOT_YET;

    /**
     * @param nextUnissued the highest value the journal holds; 0 for a new directory
     */
    public ProducerIds(Journal journal, long nextUnissued) {
        this(journal, nextUnissued, Verdicts.STRICT);
    }

    public ProducerIds(Journal journal, long nextUnissued, Verdicts verdicts) {
        this.journal = journal;
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
                if (identities.putIfAbsent(issued, new ProducerIdentity(issued, (short) 0)) == null) {
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

    /** Recovery found {@code producerId} at {@code epoch} in a log: it is alive with the highest epoch found. */
    public ProducerIdentity revive(long producerId, short epoch) {
        ProducerIdentity identity = identities.computeIfAbsent(producerId, id -> new ProducerIdentity(id, epoch));
        identity.raise(epoch, "a newer instance found in the log");
        return identity;
    }

    Verdicts verdicts() {
        return verdicts;
    }

    public int liveCount() {
        return (int) identities.values().stream().filter(ProducerIdentity::isAlive).count();
    }
}
