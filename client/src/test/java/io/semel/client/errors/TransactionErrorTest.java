package io.semel.client.errors;

import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.semel.client.errors.TransactionError.Kind;
import io.semel.client.errors.TransactionError.Outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TransactionErrorTest {
    static Stream<Arguments> classes() {
        return Stream.of(
                Arguments.of(new TimeoutException("t"), Kind.RETRIABLE, Outcome.UNKNOWN),
                Arguments.of(new InterruptException("t"), Kind.RETRIABLE, Outcome.UNKNOWN),
                Arguments.of(new ExecutionException(new TimeoutException("t")), Kind.ABORTABLE, Outcome.NOT_COMMITTED),
                Arguments.of(new KafkaException("w", new TimeoutException("t")), Kind.ABORTABLE, Outcome.NOT_COMMITTED),
                Arguments.of(new TransactionAbortableException("a"), Kind.ABORTABLE, Outcome.NOT_COMMITTED),
                Arguments.of(new TransactionAbortedException("a"), Kind.ABORTABLE, Outcome.NOT_COMMITTED),
                Arguments.of(new OutOfOrderSequenceException("a"), Kind.ABORTABLE, Outcome.NOT_COMMITTED),
                Arguments.of(new InvalidProducerEpochException("a"), Kind.ABORTABLE, Outcome.NOT_COMMITTED),
                Arguments.of(new RecordTooLargeException("a"), Kind.ABORTABLE, Outcome.NOT_COMMITTED),
                Arguments.of(new CommitFailedException("a"), Kind.ABORTABLE, Outcome.NOT_COMMITTED),
                Arguments.of(new KafkaException("anything"), Kind.ABORTABLE, Outcome.UNKNOWN),
                Arguments.of(new ProducerFencedException("f"), Kind.FATAL, Outcome.UNKNOWN),
                Arguments.of(new KafkaException("w", new ProducerFencedException("f")), Kind.FATAL, Outcome.UNKNOWN),
                Arguments.of(new InvalidTxnStateException("f"), Kind.FATAL, Outcome.UNKNOWN),
                Arguments.of(new TransactionalIdAuthorizationException("f"), Kind.FATAL, Outcome.UNKNOWN),
                Arguments.of(new UnsupportedVersionException("f"), Kind.FATAL, Outcome.UNKNOWN),
                Arguments.of(new OutOfMemoryError("f"), Kind.FATAL, Outcome.UNKNOWN),
                Arguments.of(new IllegalStateException("m"), Kind.MISUSE, Outcome.UNKNOWN),
                Arguments.of(new IllegalArgumentException("m"), Kind.MISUSE, Outcome.UNKNOWN),
                Arguments.of(new ConfigException("m"), Kind.MISUSE, Outcome.UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void withoutANoteTheClassDecides(Throwable thrown, Kind kind, Outcome outcome) {
        assertEquals(new TransactionError(kind, outcome), TransactionError.of(thrown));
    }

    @Test
    void aNoteSaysMoreThanAClassAndLeavesTheExceptionAsItWas() {
        KafkaStorageException thrown = new KafkaStorageException("offline");
        TransactionError known = new TransactionError(Kind.FATAL, Outcome.COMMITTED);
        assertSame(thrown, known.noteOn(thrown));
        assertEquals(known, TransactionError.of(thrown));
        assertEquals(known, TransactionError.of(new ExecutionException(thrown)));
        assertEquals("offline", thrown.getMessage());
        assertTrue(thrown.getSuppressed()[0].getMessage().contains("FATAL, COMMITTED; close this producer"));
    }

    @Test
    void theLastNoteHoldsAndTheSameOneIsTakenOnce() {
        KafkaException thrown = new KafkaException("x");
        TransactionError first = new TransactionError(Kind.ABORTABLE, Outcome.NOT_COMMITTED);
        TransactionError second = new TransactionError(Kind.FATAL, Outcome.NOT_COMMITTED);
        first.noteOn(thrown);
        first.noteOn(thrown);
        assertEquals(1, thrown.getSuppressed().length);
        second.noteOn(thrown);
        assertEquals(second, TransactionError.of(thrown));
    }

    @Test
    void everyKindTeachesWhatToDo() {
        for (Kind kind : Kind.values()) {
            assertTrue(kind.remedy().length() > 10, kind::toString);
        }
    }
}
