package io.semel.transactions.coordinator;

/** When the epoch of a transactional id rises. */
public enum TransactionRules {
    /** Kafka's transaction versions 0 and 1, and embedded producers: from one instance to the next. */
    ONE_EPOCH(0),
    /** Version 2, KIP-890: at every end too, so a late message of an ended transaction is known by its epoch (T7). */
    NEW_EPOCH_AT_EVERY_END(2);

    private final short clientVersion;

    TransactionRules(int clientVersion) {
        this.clientVersion = (short) clientVersion;
    }

    /** As {@code __transaction_state} has it. */
    short clientVersion() {
        return clientVersion;
    }

    static TransactionRules of(short clientVersion) {
        return clientVersion >= NEW_EPOCH_AT_EVERY_END.clientVersion ? NEW_EPOCH_AT_EVERY_END : ONE_EPOCH;
    }
}
