package io.semel.transactions.coordinator;

import io.semel.transactions.records.TransactionHome;

/**
 * What a new instance of a transactional id asks for.
 *
 * @param timeoutMs 1 to {@link TransactionCoordinator#MAX_TIMEOUT_MS}; a transaction that is open longer is aborted
 */
public record InstanceRequest(int timeoutMs, TransactionHome home, TransactionRules rules) {

    /** Of a producer in this process. */
    public static InstanceRequest embedded(int timeoutMs) {
        return new InstanceRequest(timeoutMs, TransactionHome.EMBEDDED, TransactionRules.ONE_EPOCH);
    }

    /** Of a producer at the other end of a connection, which speaks by these rules. */
    public static InstanceRequest remote(int timeoutMs, TransactionRules rules) {
        return new InstanceRequest(timeoutMs, TransactionHome.REMOTE, rules);
    }
}
