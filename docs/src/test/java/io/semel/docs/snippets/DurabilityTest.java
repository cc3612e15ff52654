package io.semel.docs.snippets;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Appender;
import io.semel.client.Semel;
import io.semel.log.Durability;

import static io.semel.client.DeliverySemantics.AT_LEAST_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What an acknowledged record survives, for a directory and for a topic of it. */
class DurabilityTest {
    @TempDir
    Path directory;

    @Test
    void aTopicMayPromiseLessThanItsDirectory() throws Exception {
        // snippet: power
        try (Semel semel = Semel.open(directory, Durability.POWER)) {
            semel.admin().createTopic("payments", 1);
            semel.admin().createTopic("metrics", 1, Map.of("semel.durability", "process"));
            try (Appender payments = semel.openAppender(AT_LEAST_ONCE, "payments", 0)) {
                payments.append(null, "paid".getBytes());
                // Returns once it survives the loss of power. Until then no reader is shown it.
                payments.awaitAcknowledged();
            }
        }
        // end-snippet
        try (Semel semel = Semel.open(directory, Durability.POWER)) {
            assertEquals(1, semel.admin().describeTopic("payments").partitions().get(0).end());
        }
    }
}
