package io.semel.transactions.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.semel.idempotence.ProducerIdentity;
import io.semel.transactions.partition.Partition;

/**
 * Forgets transactional ids that nobody has used for {@code transactional.id.expiration.ms}.
 *
 * <p>Invariant (I4b): the producer id dies first, on the medium, and only then the journal forgets whose it was. The other way
 * round a crash would leave an id without an owner, and a late batch of it would open a transaction that nobody ends.
 *
 * <p>Thread rule: one thread, the coordinator's.
 */
final class TransactionalIdExpiry {
    /** As in Kafka ({@code transaction.remove.expired.transaction.cleanup.interval.ms}). */
    private static final long MAX_INTERVAL_MS = 3_600_000;

    /** Looks in the time after which an id expires: that is how much longer than promised it may be known. */
    private static final int LOOKS = 10;

    private final Map<String, Transaction> transactions;
    private final CoordinatorContext context;
    private final long expirationMs;
    private final long intervalMs;
    private final List<Transaction> expired = new ArrayList<>();
    private long lastLookMs;
    private boolean hasLooked;

    TransactionalIdExpiry(Map<String, Transaction> transactions, CoordinatorContext context, long expirationMs) {
        this.transactions = transactions;
        this.context = context;
        this.expirationMs = expirationMs;
        this.intervalMs = Math.max(1, Math.min(MAX_INTERVAL_MS, expirationMs / LOOKS));
    }

    int doWork(long nowMs) {
        // A clock that was set back must not stop the looks until it has caught up.
        if (!hasLooked || nowMs - lastLookMs >= intervalMs || nowMs < lastLookMs) {
            hasLooked = true;
            lastLookMs = nowMs;
            transactions.values().forEach(each -> look(each, nowMs));
        }
        int before = expired.size();
        expired.removeIf(this::isSettled);
        return before - expired.size();
    }

    private void look(Transaction transaction, long nowMs) {
        if (!transaction.pen().tryTake()) {
            return;
        }
        try {
            if (expire(transaction, nowMs) && !expired.contains(transaction)) {
                expired.add(transaction);
            }
        } finally {
            transaction.pen().release();
        }
    }

    /** Lets the producer id die if nobody has used the transactional id for so long; whether it is dead of that. */
    private boolean expire(Transaction transaction, long nowMs) {
        ProducerIdentity identity = transaction.owner().identity();
        if (transaction.activity().idleMs(nowMs, identity) < expirationMs || !transaction.isAtRest()) {
            return false;
        }
        return transaction.owner().isExpired() || context.ids().tryExpire(identity, "transactional id "
                + transaction.transactionalId() + " was not used for " + expirationMs
                + " ms (transactional.id.expiration.ms), and it expired at " + nowMs,
                () -> isBusy(identity.producerId()));
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
