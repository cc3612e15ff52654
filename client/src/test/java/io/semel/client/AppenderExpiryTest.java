package io.semel.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.log.memory.Limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** I4 by the short ways: whoever was idle for long goes on. */
@Timeout(60)
class AppenderExpiryTest {
    @TempDir
    private Path directory;

    private Semel open() throws Exception {
        Semel semel = Semel.open(directory, Durability.PROCESS, Limits.ofThisProcess(), Map.of(
                "producer.id.expiration.ms", "30", "transactional.id.expiration.ms", "30"));
        semel.admin().createTopic("a", 1);
        return semel;
    }

    private static void awaitForgotten(Semel semel) {
        while (!semel.admin().describeProducers("a", 0).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anAppenderGoesOnWithANewIdAndItsRecordsStandInOrder() throws Exception {
        try (Semel semel = open();
                Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "a", 0)) {
            for (int count = 0; count < 4; count++) {
                appender.append(null, Records.bytes("v" + count));
                appender.awaitAcknowledged();
                awaitForgotten(semel);
            }
            assertEquals(List.of("v0", "v1", "v2", "v3"), Records.read(semel, DeliverySemantics.EXACTLY_ONCE, "a"));
        }
    }

    @Test
    void aTransactionalAppenderGoesOnWithANewEpoch() throws Exception {
        try (Semel semel = open(); TransactionalAppender appender = semel.openTransactionalAppender("t")) {
            for (int count = 0; count < 4; count++) {
                appender.begin();
                appender.append(appender.target("a", 0), null, Records.bytes("v" + count));
                appender.commit();
                awaitForgotten(semel);
            }
            assertEquals(List.of("v0", "v1", "v2", "v3"), Records.read(semel, DeliverySemantics.EXACTLY_ONCE, "a"));
        }
    }

    @Test
    void aConfigurationThatIsNotKnownIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Semel.open(directory, Durability.PROCESS, Limits
                .ofThisProcess(), Map.of("producer.id.expiration", "1")));
    }
}
