package io.semel.transactions.broker;

/** There are {@link AccessRules#MAX_ENTRIES} ACLs already. Nothing was changed. */
public final class AccessLimitException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    AccessLimitException() {
        super("too many ACLs: limit=" + AccessRules.MAX_ENTRIES + "; use prefixed patterns, or delete some");
    }
}
