package io.semel.transactions.records;

/** What a transaction record says, with Kafka's numbers. */
public enum TransactionStatus {
    EMPTY(0), ONGOING(1), PREPARE_COMMIT(2), PREPARE_ABORT(3), COMPLETE_COMMIT(4), COMPLETE_ABORT(5), DEAD(6),
    PREPARE_EPOCH_FENCE(7),
    /**
     * Of two phases the first is done, KIP-939: only a decision ends it. To Kafka it is ongoing; a tag of ours says
     * more.
     */
    PREPARED(1);

    private static final TransactionStatus[] BY_ID = {EMPTY, ONGOING, PREPARE_COMMIT, PREPARE_ABORT, COMPLETE_COMMIT,
        COMPLETE_ABORT, DEAD, PREPARE_EPOCH_FENCE};

    private final byte id;

    TransactionStatus(int id) {
        this.id = (byte) id;
    }

    public byte id() {
        return id;
    }

    static TransactionStatus of(byte id, FieldReader reader) {
        if (id < 0 || id >= BY_ID.length) {
            throw reader.corrupt("transaction status " + id + " is not known");
        }
        return BY_ID[id];
    }
}
