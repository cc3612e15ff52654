package io.semel.transactions.records;

/** Where a transaction's producer lives, which decides what its silence after a restart means. */
public enum TransactionHome {
    /** In this process: it died with it, so its open transaction is aborted at the next start. */
    EMBEDDED(0),
    /**
     * At the other end of a connection. It may be alive after a restart, and goes on: its open transaction lives until
     * its timeout.
     */
    REMOTE(1);

    private final byte id;

    TransactionHome(int id) {
        this.id = (byte) id;
    }

    byte id() {
        return id;
    }

    static TransactionHome of(byte id, FieldReader reader) {
        return switch (id) {
            case 0 -> EMBEDDED;
            case 1 -> REMOTE;
            default -> throw reader.corrupt("transaction home " + id + " is not known");
        };
    }
}
