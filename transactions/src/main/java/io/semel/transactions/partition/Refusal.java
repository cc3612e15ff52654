package io.semel.transactions.partition;

import io.semel.log.Append;

/** Why a partition refused a batch of a producer: return values beside those of {@link Append}. */
public final class Refusal {
    /** A batch before this one was lost or overtaken (Kafka: OUT_OF_ORDER_SEQUENCE_NUMBER). */
    public static final long GAP = -16;

    /** A newer epoch of the producer exists (Kafka: INVALID_PRODUCER_EPOCH, or PRODUCER_FENCED in a transaction). */
    public static final long FENCED = -17;

    /** The producer id is not alive (Kafka: UNKNOWN_PRODUCER_ID). */
    public static final long UNKNOWN_PRODUCER = -18;

    /** Written once, but longer ago than five batches (Kafka: DUPLICATE_SEQUENCE_NUMBER). */
    public static final long DUPLICATE_FORGOTTEN = -19;

    /** A marker found no open transaction of its producer, or a later one than it decides: there is nothing to end. */
    public static final long NOTHING_TO_END = -20;

    /** The batch would open a transaction, or join one that is ending: it comes too late (Kafka: INVALID_TXN_STATE). */
    public static final long NO_TRANSACTION = -21;

    private Refusal() {
    }

    public static String describe(long code) {
        if (code == GAP) {
            return "sequence gap";
        }
        if (code == FENCED) {
            return "fenced";
        }
        if (code == UNKNOWN_PRODUCER) {
            return "unknown producer";
        }
        if (code == DUPLICATE_FORGOTTEN) {
            return "duplicate, original forgotten";
        }
        if (code == NO_TRANSACTION) {
            return "no transaction is under way";
        }
        return code == NOTHING_TO_END ? "nothing to end" : Append.describe(code);
    }
}
