package io.semel.verify.programs;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Which errors of a send make certain that it wrote nothing: those that every try of it meets before anything is
 * written. Any other may be the answer to a second try, whose first one was written and not answered.
 *
 * <p>Stateless.
 */
final class SendErrors {
    /** As Kafka's tools print an exception's class. */
    private static final Set<String> CERTAIN = Stream.of(SerializationException.class, RecordTooLargeException.class,
            InvalidTopicException.class, BufferExhaustedException.class).map(Class::toString).collect(Collectors
                    .toUnmodifiableSet());

    private SendErrors() {
    }

    /** @param line a {@code producer_send_error} */
    static boolean areCertain(EventLine line) {
        return CERTAIN.contains(line.text(EventLine.EXCEPTION));
    }
}
