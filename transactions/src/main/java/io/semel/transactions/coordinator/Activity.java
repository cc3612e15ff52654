package io.semel.transactions.coordinator;

import io.semel.idempotence.ProducerIdentity;
import io.semel.transactions.records.TransactionLogValue;

/**
 * When a transactional id was used last: it was handed out, began a transaction, wrote a record, or somebody spoke in
 * the name of its producer id.
 *
 * <p>Thread rule: under the pen of its transactional id.
 */
final class Activity {
    private long lastMs = TransactionLogValue.NO_TIMESTAMP;
    /** Of the journal, which is not told of every use. */
    private boolean isRecovered;

    void noted(long nowMs) {
        lastMs = nowMs;
        isRecovered = false;
    }

    /** What the journal's last record says; what stands in the partitions may be younger. */
    void recovered(long recordedMs) {
        lastMs = recordedMs;
        isRecovered = true;
    }

    /** {@link TransactionLogValue#NO_TIMESTAMP} before the first use. */
    long lastMs() {
        return lastMs;
    }

    /** For how long nobody has used it; a clock that was set back begins anew. Null for no producer id yet. */
    long idleMs(long nowMs, ProducerIdentity identity) {
        if (isRecovered && identity != null) {
            noted(Math.max(lastMs, Math.min(nowMs, identity.lastWrittenMs())));
        }
        if (lastMs == TransactionLogValue.NO_TIMESTAMP || nowMs < lastMs || identity != null && identity.isAlive()
                && identity.takeUse()) {
            lastMs = nowMs;
        }
        return nowMs - lastMs;
    }
}
