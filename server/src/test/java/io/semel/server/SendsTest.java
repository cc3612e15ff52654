package io.semel.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SendsTest {
    @Test
    void oneFailedSendAmongGoodOnesIsNotConfirmed() {
        TimeoutException failure = new TimeoutException("made up");
        Deque<Future<RecordMetadata>> sends = new ArrayDeque<>(List.of(CompletableFuture.completedFuture(null),
                CompletableFuture.failedFuture(failure), CompletableFuture.completedFuture(null)));
        assertSame(failure, assertThrows(KafkaException.class, () -> Sends.confirm(sends)));
    }

    @Test
    void confirmedSendsAreTakenOffTheQueue() throws InterruptedException {
        Deque<Future<RecordMetadata>> sends = new ArrayDeque<>(List.of(CompletableFuture.completedFuture(null)));
        Sends.confirm(sends);
        assertTrue(sends.isEmpty());
    }
}
