package io.semel.client.errors;

import java.util.Optional;

/**
 * What an error of a transactional producer means for its transaction: whether to call again, abort, or give the
 * producer up, and whether the transaction was committed (KIP-588, KIP-1050).
 *
 * <p>Kafka's own classes say only part of it: the same {@code KafkaException} wraps what can be aborted and what can't.
 * So Semel's clients note on each exception what they know, as a suppressed one, which leaves class, message and cause
 * as Kafka's users know them. Of an exception without a note, which kafka-clients throws, its class decides.
 *
 * <pre>{@code
 * } catch (KafkaException e) {
 *     switch (TransactionError.of(e).kind()) {
 *         case RETRIABLE -> producer.commitTransaction();
 *         case ABORTABLE -> producer.abortTransaction();
 *         case FATAL, MISUSE -> producer.close();
 *     }
 * }
 * }</pre>
 *
 * <p>Thread rule: immutable.
 */
public record TransactionError(Kind kind, Outcome outcome) {
    /** What to do about it. */
    public enum Kind {
        /** Call the same method again: it goes on, or waits on. */
        RETRIABLE("call the same method again"),
        /** Something of the transaction is lost: abort it, and begin another. */
        ABORTABLE("abort the transaction and begin another"),
        /** Nothing more can be done with this producer: close it, and open another one. */
        FATAL("close this producer and open another one of the same transactional id"),
        /** A call that does not fit: the transaction is as it was. */
        MISUSE("mend the call; the transaction is as it was");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }

        public String remedy() {
            return remedy;
        }
    }

    /** What became of the transaction in which the error came. */
    public enum Outcome {
        /** All of it is visible to committed readers, or will be without anybody's doing. */
        COMMITTED,
        /** Nothing of it was committed, and without another commit of this producer nothing ever is. */
        NOT_COMMITTED,
        /**
         * Not known here. After {@link Kind#RETRIABLE} the next call tells; after {@link Kind#FATAL} the offsets that
         * were committed inside it, once another producer of the same transactional id is initialized.
         */
        UNKNOWN
    }

    /** Rides along on an exception; has no stack trace, for the exception has one. */
    private static final class Note extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient TransactionError error;

        Note(TransactionError error) {
            super("the transaction: " + error.kind + ", " + error.outcome + "; " + error.kind.remedy, null, false,
                    false);
            this.error = error;
        }
    }

    /** What an exception means that a producer threw, or that the future of a record ends with. */
    public static TransactionError of(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = next(each)) {
            Optional<TransactionError> noted = notedOn(each);
            if (noted.isPresent()) {
                return noted.get();
            }
        }
        return ErrorClasses.classify(thrown);
    }

    private static Optional<TransactionError> notedOn(Throwable thrown) {
        Throwable[] riders = thrown.getSuppressed();
        for (int index = riders.length - 1; index >= 0; index--) {
            if (riders[index] instanceof Note note && note.error != null) {
                return Optional.of(note.error);
            }
        }
        return Optional.empty();
    }

    /** One that is its own cause ends the chain. */
    static Throwable next(Throwable thrown) {
        return thrown.getCause() == thrown ? null : thrown.getCause();
    }

    /** Notes this on an exception, for {@link #of}; a later note takes the place of an earlier one. */
    public <E extends Throwable> E noteOn(E exception) {
        // One exception tells of all the records of a batch: a note for each would be a list without end.
        if (!notedOn(exception).equals(Optional.of(this))) {
            exception.addSuppressed(new Note(this));
        }
        return exception;
    }
}
