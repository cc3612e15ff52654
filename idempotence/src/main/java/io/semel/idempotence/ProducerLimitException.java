package io.semel.idempotence;

/** There are too many producer ids. No id was issued; ids that exist go on. */
public final class ProducerLimitException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ProducerLimitException(int limit) {
        super("too many producer ids: limit=" + limit
                + "; this directory has no room for more, also when it is opened anew, because its logs name them: keep"
                + " producers open instead of opening one per message, or move on to a new directory");
    }
}
