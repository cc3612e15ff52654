package io.semel.transactions.coordinator;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.semel.idempotence.ProducerIdentity;
import io.semel.transactions.partition.Partition;

/**
 * Forgets transactional ids that nobody has used for {@code transactional.id.expiration.ms}.
 *
 * <p>Invariant (I4b): the producer id dies first, on the medium, and only then the journal forgets whose it was. The
 * other way round a crash would leave an id without an owner, and a late batch of it would open a transaction that
 * nobody ends.
 *
 * <p>Thread rule: one thread, the coordinator's, stepped; timeouts and heartbeats wait behind a step, so it looks at a
 * few thousand ids at most, and asks the partitions for a few dozen.
 */
final class TransactionalIdExpiry {
    /** As in Kafka ({@code transaction.remove.expired.transaction.cleanup.interval.ms}). */
    private static final long MAX_INTERVAL_MS = 3_600_000;

    /** Looks in the time after which an id expires: that is how much longer than promised it may be known. */
    private static final int LOOKS = 10;

    /** A hundred thousand ids take fifty steps of some hundred microseconds. */
    private static final int LOOKED_AT_PER_STEP = 2048;

    /** Each is asked for in every partition, of which there may be ten thousand. */
    private static final int DYING_PER_STEP = 64;

    private final Map<String, Transaction> transactions;
    private final CoordinatorContext context;
    private final long expirationMs;
    private final long intervalMs;
    /** Their producer ids are dead, and the journal is to forget them once that is on the medium. */
    private final Set<Transaction> expired = new LinkedHashSet<>();
    private Iterator<Transaction> look = Collections.emptyIterator();
    private long lastLookMs;
    private boolean hasLooked;

    TransactionalIdExpiry(Map<String, Transaction> transactions, CoordinatorContext context, long expirationMs) {
        this.transactions = transactions;
        this.context = context;
        this.expirationMs = expirationMs;
        this.intervalMs = Math.max(1, Math.min(MAX_INTERVAL_MS, expirationMs / LOOKS));
    }

    /** One step; returns how much was done. */
    int doWork(long nowMs) {
        if (!look.hasNext() && isDue(nowMs)) {
            hasLooked = true;
            lastLookMs = nowMs;
            look = transactions.values().iterator();
        }
        int done = lookFurther(nowMs);
        int before = expired.size();
        expired.removeIf(this::isSettled);
        return done + before - expired.size();
    }

    /** A clock that was set back must not stop the looks until it has caught up. */
    private boolean isDue(long nowMs) {
        return !hasLooked || nowMs - lastLookMs >= intervalMs || nowMs < lastLookMs;
    }

    private int lookFurther(long nowMs) {
        int idle = 0;
        for (int count = 0; count < LOOKED_AT_PER_STEP && idle < DYING_PER_STEP && look.hasNext(); count++) {
            Transaction transaction = look.next();
            if (transaction.pen().tryTake()) {
                try {
                    idle += expireIfIdle(transaction, nowMs);
                } finally {
                    transaction.pen().release();
                }
            }
        }
        return idle;
    }

    /**
     * Lets the producer id die if nobody has used the transactional id for so long; 1 when the partitions were asked
     * for it.
     */
    private int expireIfIdle(Transaction transaction, long nowMs) {
        ProducerIdentity identity = transaction.owner().identity();
        if (transaction.activity().idleMs(nowMs, identity) < expirationMs || !transaction.isAtRest()) {
            return 0;
        }
        if (transaction.owner().isExpired()) {
            expired.add(transaction);
            return 0;
        }
        boolean isDead = context.ids().tryExpire(identity, "transactional id " + transaction.transactionalId()
                + " was not used for " + expirationMs + " ms (transactional.id.expiration.ms), and it expired at "
                + nowMs, () -> isBusy(identity.producerId()));
        if (isDead) {
            expired.add(transaction);
        }
        return 1;
    }

    private boolean isBusy(long producerId) {
        boolean busy = false;
        for (Partition partition : context.partitions().all()) {
            busy |= partition.isBusy(producerId);
        }
        return busy;
    }

    /** Whether the id is forgotten, or was taken over before that. */
    private boolean isSettled(Transaction transaction) {
        if (!transaction.pen().tryTake()) {
            return false;
        }
        try {
            if (!transaction.owner().isExpired()) {
                return true;
            }
            boolean gone = transaction.owner().identity() == null || context.ids().isBuried(transaction.owner()
                    .identity()
                    .producerId())
                    && context.journal().appendTombstone(transaction.journalKey(), context.now()) >= 0;
            if (gone) {
                transaction.owner().forget();
                transactions.remove(transaction.transactionalId(), transaction);
            }
            return gone;
        } finally {
            transaction.pen().release();
        }
    }
}
