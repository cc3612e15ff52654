package io.semel.transactions.coordinator;

/** There are too many transactional ids. Nothing was changed; ids that exist go on. */
public final class TransactionalIdLimitException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TransactionalIdLimitException(String transactionalId, int limit) {
        super("too many transactional ids: transactionalId=" + transactionalId + " limit=" + limit
                + "; give each writer a name that it keeps across restarts");
    }
}
