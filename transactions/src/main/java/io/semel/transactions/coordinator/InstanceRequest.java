package io.semel.transactions.coordinator;

import io.semel.transactions.records.TransactionHome;

/**
 * What a new instance of a transactional id asks for.
 *
 * @param timeoutMs 1 to {@link TransactionCoordinator#MAX_TIMEOUT_MS}; a transaction that is open longer is aborted,
 *                  unless it is prepared
 * @param takeover  what becomes of a transaction that is prepared
 */
public record InstanceRequest(int timeoutMs, TransactionHome home, TransactionRules rules, Takeover takeover) {

    /** What a new instance does to a transaction that an older one has prepared. */
    public enum Takeover {
        ABORTS, KEEPS_PREPARED
    }

    /** Of a producer in this process. */
    public static InstanceRequest embedded(int timeoutMs) {
        return new InstanceRequest(timeoutMs, TransactionHome.EMBEDDED, TransactionRules.ONE_EPOCH, Takeover.ABORTS);
    }

    /**
     * Of a producer at the other end of a connection. It does not say by which rules it speaks; its first message will,
     * and costs a record unless {@code rules} is right.
     */
    public static InstanceRequest remote(int timeoutMs, TransactionRules rules) {
        return new InstanceRequest(timeoutMs, TransactionHome.REMOTE, rules, Takeover.ABORTS);
    }

    /** The same of an instance that comes back to what it has prepared. */
    public InstanceRequest keepingPrepared() {
        return new InstanceRequest(timeoutMs, home, rules, Takeover.KEEPS_PREPARED);
    }

    InstanceRequest by(TransactionRules spoken) {
        return new InstanceRequest(timeoutMs, home, spoken, takeover);
    }

    boolean keepsPrepared() {
        return takeover == Takeover.KEEPS_PREPARED;
    }
}
