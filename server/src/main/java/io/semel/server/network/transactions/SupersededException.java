package io.semel.server.network.transactions;

/** A request came too late: its sender has said it again on a newer connection, or something else since. */
final class SupersededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SupersededException(String transactionalId) {
        super("a newer connection speaks for transactional id " + transactionalId);
    }
}
