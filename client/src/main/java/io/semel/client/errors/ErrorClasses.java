package io.semel.client.errors;

import java.util.List;
import java.util.Optional;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DuplicateSequenceException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

import io.semel.client.errors.TransactionError.Kind;
import io.semel.client.errors.TransactionError.Outcome;

/** What Kafka's exception classes say by themselves of a transaction. Stateless. */
final class ErrorClasses {
    private static final TransactionError RETRIABLE = new TransactionError(Kind.RETRIABLE, Outcome.UNKNOWN);
    private static final TransactionError ABORTABLE = new TransactionError(Kind.ABORTABLE, Outcome.NOT_COMMITTED);
    private static final TransactionError FATAL = new TransactionError(Kind.FATAL, Outcome.UNKNOWN);
    private static final TransactionError MISUSE = new TransactionError(Kind.MISUSE, Outcome.UNKNOWN);

    private static final List<Class<? extends Throwable>> OF_MISUSE = List.of(IllegalStateException.class,
            IllegalArgumentException.class, UnsupportedOperationException.class, ConfigException.class);

    private static final List<Class<? extends Throwable>> OF_FATAL = List.of(ProducerFencedException.class,
            InvalidTxnStateException.class, AuthorizationException.class, AuthenticationException.class,
            UnsupportedVersionException.class, InvalidConfigurationException.class);

    /** Since KIP-360 and KIP-588 a lost sequence or epoch costs the transaction and not the producer. */
    private static final List<Class<? extends Throwable>> OF_ABORTABLE = List.of(TransactionAbortableException.class,
            TransactionAbortedException.class, CommitFailedException.class, OutOfOrderSequenceException.class,
            DuplicateSequenceException.class, UnknownProducerIdException.class, InvalidProducerEpochException.class,
            InvalidPidMappingException.class, RecordTooLargeException.class, SerializationException.class);

    private ErrorClasses() {
    }

    static TransactionError classify(Throwable thrown) {
        // What a call itself throws can be called again. Wrapped, it is the reason why something else failed.
        if (thrown instanceof RetriableException || thrown instanceof InterruptException) {
            return RETRIABLE;
        }
        for (Throwable each = thrown; each != null; each = TransactionError.next(each)) {
            Optional<TransactionError> known = known(each);
            if (known.isPresent()) {
                return known.get();
            }
        }
        // Kafka's rule for every other of its exceptions is to abort; where that is not possible, the abort says so.
        return isKafkas(thrown) ? new TransactionError(Kind.ABORTABLE, Outcome.UNKNOWN) : FATAL;
    }

    private static Optional<TransactionError> known(Throwable thrown) {
        if (isOne(thrown, OF_FATAL)) {
            return Optional.of(FATAL);
        }
        if (isOne(thrown, OF_MISUSE)) {
            return Optional.of(MISUSE);
        }
        return isOne(thrown, OF_ABORTABLE) || thrown instanceof RetriableException
                ? Optional.of(ABORTABLE)
                : Optional.empty();
    }

    private static boolean isOne(Throwable thrown, List<Class<? extends Throwable>> classes) {
        return classes.stream().anyMatch(each -> each.isInstance(thrown));
    }

    private static boolean isKafkas(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = TransactionError.next(each)) {
            if (each instanceof KafkaException) {
                return true;
            }
        }
        return false;
    }
}
