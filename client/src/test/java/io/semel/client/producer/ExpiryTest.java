package io.semel.client.producer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.errors.TransactionError;

import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** I4 for whoever uses a producer: one that was idle for long goes on, without loss and without a duplicate. */
@Timeout(120)
class ExpiryTest {
    @TempDir
    private Path directory;

    private ProducerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = ProducerRig.open(directory, 2);
        rig.broker().configureTopic(ProducerRig.TOPIC, Map.of("retention.ms", "-1"));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** Hours pass until it is so; each is a look at who is idle. */
    private void passUntil(BooleanSupplier so) {
        while (!so.getAsBoolean()) {
            rig.clockAheadMs.addAndGet(TimeUnit.HOURS.toMillis(1));
            Thread.yield();
        }
    }

    private void passUntilForgotten() {
        passUntil(() -> rig.broker().producerIds().knownCount() == 0);
    }

    /** KIP-360. */
    @Test
    void anIdempotentProducerGoesOnWithANewIdInEveryPartition() throws Exception {
        try (Producer<String, String> producer = rig.producer("linger.ms", 0)) {
            for (int day = 0; day < 3; day++) {
                for (int count = 0; count < 7; count++) {
                    producer.send(record(0, "a" + day + count));
                    producer.send(record(1, "b" + day + count)).get();
                }
                passUntilForgotten();
            }
        }
        for (int partition = 0; partition < 2; partition++) {
            List<String> values = rig.written(partition);
            assertEquals(21, values.size());
            assertEquals(values.stream().sorted().distinct().toList(), values);
        }
    }

    /** Row 25 (spring-kafka 660). */
    @Test
    void aTransactionalProducerThatIdlesForAWeekGoesOn() {
        try (Producer<String, String> producer = rig.transactional("t")) {
            for (String week : List.of("x", "y", "z")) {
                producer.beginTransaction();
                producer.send(record(0, week));
                producer.commitTransaction();
                passUntilForgotten();
            }
        }
        assertEquals(List.of("x", "y", "z"), rig.committed(0));
    }

    @Test
    void whoComesBackAfterAnotherTookItsPlaceIsFencedForGood() {
        try (Producer<String, String> idle = rig.transactional("t")) {
            idle.beginTransaction();
            idle.send(record(0, "x"));
            idle.commitTransaction();
            passUntilForgotten();
            try (Producer<String, String> other = rig.transactional("t")) {
                idle.beginTransaction();
                idle.send(record(0, "late"));
                ProducerFencedException fenced = assertThrows(ProducerFencedException.class, idle::commitTransaction);
                assertEquals(TransactionError.Kind.FATAL, TransactionError.of(fenced).kind());
                other.beginTransaction();
                other.send(record(0, "y"));
                other.commitTransaction();
            }
        }
        assertEquals(List.of("x", "y"), rig.committed(0));
    }
}
