package io.semel.server.network.topics;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.KafkaFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Kafka's client makes of a refusal. */
final class Failed {
    private Failed() {
    }

    /** The call failed with this class of exception, whose message says so. */
    static void with(Class<? extends Exception> expected, String said, KafkaFuture<?> future) {
        Throwable cause = assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS)).getCause();
        assertEquals(expected, cause.getClass(), () -> cause.toString());
        assertTrue(cause.getMessage().contains(said), cause.getMessage());
    }
}
