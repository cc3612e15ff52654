package io.semel.client.producer;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionAbortedException;

import io.semel.client.errors.TransactionError;
import io.semel.client.errors.TransactionError.Kind;
import io.semel.client.errors.TransactionError.Outcome;

/**
 * The state of a producer's transactions as its callers and its sender thread share it, and so which records may pass.
 *
 * <p>Invariants: a record is written only in the transaction in which it was sent, which its number says; once
 * something of a transaction is lost the transaction can't be committed; once the coordinator has a commit its answer
 * alone says what became of it (T1); a fatal state is never left.
 *
 * <p>Thread rule: any thread; the state changes under the monitor and is read without it.
 */
final class TransactionGate {
    private static final TransactionError LOST = new TransactionError(Kind.ABORTABLE, Outcome.NOT_COMMITTED);

    /** Sent by one thread while another commits: it is no part of the transaction, of which the commit tells. */
    private static final TransactionError TOO_LATE = new TransactionError(Kind.MISUSE, Outcome.UNKNOWN);

    private final String transactionalId;
    private volatile TransactionState state;
    /** Why the state is an error, set before it is; whoever saw an error meanwhile left finds the last one. */
    private volatile Failure failure;
    private volatile long number;

    /** @param meaning noted on every exception that {@code cause} leads to */
    private record Failure(KafkaException cause, TransactionError meaning) {
    }

    private TransactionGate(String transactionalId, TransactionState state) {
        this.transactionalId = transactionalId;
        this.state = state;
    }

    /** The gate of a producer without transactions: always open. */
    static TransactionGate open() {
        return new TransactionGate("", TransactionState.NOT_TRANSACTIONAL);
    }

    static TransactionGate of(String transactionalId) {
        return new TransactionGate(transactionalId, TransactionState.UNINITIALIZED);
    }

    TransactionState state() {
        return state;
    }

    /** The number of the transaction that was begun last, from 1. */
    long number() {
        return number;
    }

    /** @throws IllegalStateException when the call does not fit the state */
    synchronized void become(TransactionState next, String call) {
        if (!state.canBecome(next)) {
            throw misplaced(call);
        }
        state = next;
    }

    synchronized void begin() {
        if (!state.canBecome(TransactionState.IN_TRANSACTION)) {
            throw misplaced("beginTransaction");
        }
        number++;
        state = TransactionState.IN_TRANSACTION;
    }

    /**
     * The close's own abort, of what is open or was to be committed by a command that stands behind the close. Looked
     * at and changed at once: another thread may be about to commit. Returns whether an abort is under way.
     */
    synchronized boolean abortIfOpen() {
        boolean isOpen = switch (state) {
            case IN_TRANSACTION, COMMITTING, ABORTABLE_ERROR -> true;
            case NOT_TRANSACTIONAL, UNINITIALIZED, INITIALIZING, READY, DECIDING, ABORTING, FATAL_ERROR -> false;
        };
        if (isOpen) {
            become(TransactionState.ABORTING, "close");
        }
        return state == TransactionState.ABORTING;
    }

    /**
     * Gives the commit to the coordinator, again as long as it has no answer. What is lost from here on came too late
     * to forbid it.
     */
    synchronized void decide() {
        throwIfFailed();
        if (state != TransactionState.DECIDING) {
            become(TransactionState.DECIDING, "commitTransaction");
        }
    }

    /** The coordinator's answer: nothing is decided, nor ever will be. */
    synchronized void undecided(KafkaException why) {
        fail(TransactionState.ABORTABLE_ERROR, why, LOST);
    }

    private void fail(TransactionState next, KafkaException why, TransactionError meaning) {
        if (state.canBecome(next)) {
            failure = new Failure(why, meaning);
            state = next;
            meaning.noteOn(why);
        }
    }

    private IllegalStateException misplaced(String call) {
        return new IllegalStateException(state == TransactionState.NOT_TRANSACTIONAL
                ? call + " needs a transactional producer: set transactional.id"
                : call + " does not fit: transactionalId=" + transactionalId + " is " + state);
    }

    /** The door for callers that want to add to the open transaction. */
    void requireInTransaction(String call) {
        throwIfFailed();
        if (state != TransactionState.IN_TRANSACTION) {
            throw misplaced(call);
        }
    }

    /** In an error state every call fails as the first one did. */
    void throwIfFailed() {
        TransactionState current = state;
        if (current == TransactionState.FATAL_ERROR || current == TransactionState.ABORTABLE_ERROR) {
            throw failure(current);
        }
    }

    /** A fatal state fails even the calls that would leave an abortable one. */
    void throwIfFatal() {
        if (state == TransactionState.FATAL_ERROR) {
            throw failure(TransactionState.FATAL_ERROR);
        }
    }

    private KafkaException failure(TransactionState current) {
        Failure last = failure;
        if (last.cause instanceof ProducerFencedException) {
            return last.meaning.noteOn(new ProducerFencedException(last.cause.getMessage()));
        }
        return last.meaning.noteOn(new KafkaException(current == TransactionState.FATAL_ERROR
                ? "transactionalId=" + transactionalId + " can't go on; close this producer and open another"
                : "something of the transaction was lost, it can only be aborted: transactionalId=" + transactionalId,
                last.cause));
    }

    /** Whether records or offsets of transaction {@code sentIn} may be written now. Asked by the sender thread. */
    boolean admits(long sentIn) {
        return switch (state) {
            case NOT_TRANSACTIONAL -> true;
            case IN_TRANSACTION, COMMITTING -> sentIn == number;
            case UNINITIALIZED, INITIALIZING, READY, DECIDING, ABORTING, ABORTABLE_ERROR, FATAL_ERROR -> false;
        };
    }

    /** Why they were not admitted. */
    KafkaException refusal() {
        TransactionState current = state;
        return switch (current) {
            case FATAL_ERROR, ABORTABLE_ERROR -> failure(current);
            case ABORTING -> aborted();
            case NOT_TRANSACTIONAL, UNINITIALIZED, INITIALIZING, READY, IN_TRANSACTION, COMMITTING, DECIDING ->
                new KafkaException("sent while its transaction was being ended by another thread: "
                        + "transactionalId=" + transactionalId);
        };
    }

    TransactionAbortedException aborted() {
        return new TransactionAbortedException("not sent, its transaction is aborted: transactionalId="
                + transactionalId);
    }

    /**
     * Something of the open transaction was lost: whatever comes, it must not be committed, unless it is being decided.
     */
    synchronized void lost(KafkaException why) {
        if (state == TransactionState.DECIDING) {
            TOO_LATE.noteOn(why);
        } else if (why instanceof ProducerFencedException) {
            // Its records were on their way, and no commit is decided before they are settled.
            fatal(why, Outcome.NOT_COMMITTED);
        } else {
            fail(TransactionState.ABORTABLE_ERROR, why, LOST);
        }
        if (state == TransactionState.ABORTABLE_ERROR || state == TransactionState.FATAL_ERROR) {
            failure.meaning.noteOn(why);
        }
    }

    /** After a call that could not even be started. */
    void fatalUnlessAbortable(KafkaException why) {
        if (state != TransactionState.ABORTABLE_ERROR) {
            fatal(why);
        }
    }

    /** As {@link #fatal(KafkaException, Outcome)}, by whoever does not know what became of a commit under way. */
    synchronized void fatal(KafkaException why) {
        boolean known = state != TransactionState.DECIDING && state != TransactionState.INITIALIZING;
        fatal(why, known ? Outcome.NOT_COMMITTED : Outcome.UNKNOWN);
    }

    /** Nothing more can be done under this identity. */
    synchronized void fatal(KafkaException why, Outcome outcome) {
        fail(TransactionState.FATAL_ERROR, why, new TransactionError(Kind.FATAL, outcome));
    }
}
