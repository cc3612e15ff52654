package io.semel.transactions.partition;

/**
 * The coordinator's word that a transaction is under way, for batches whose epoch can't tell: one that comes when it
 * has ended would open another, which nobody ends (KIP-890).
 *
 * <p>Invariant (T7, T8): whoever ends the transaction withdraws the word first and looks into the partitions then, each
 * under the pen of the producer there; a batch is claimed under the same pen after a look at the word. So it is part of
 * what the end finds, or refused.
 *
 * <p>Thread rule: any thread.
 */
public final class VerificationGuard {
    /** Of a writer in this process, which ends its transaction itself. */
    public static final VerificationGuard NOT_NEEDED = new VerificationGuard();

    private volatile boolean withdrawn;

    /** The word of nobody: no such transaction is under way. */
    public static VerificationGuard withdrawn() {
        VerificationGuard guard = new VerificationGuard();
        guard.withdraw();
        return guard;
    }

    /** Before anybody looks for what was written. */
    public void withdraw() {
        withdrawn = true;
    }

    boolean isWithdrawn() {
        return withdrawn;
    }
}
