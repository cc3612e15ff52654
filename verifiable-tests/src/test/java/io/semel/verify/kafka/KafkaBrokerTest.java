package io.semel.verify.kafka;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How a real Apache Kafka broker is started. */
class KafkaBrokerTest {
    @Test
    void aBrokerThatCannotStartSaysWhy(@TempDir Path directory) {
        IllegalStateException failure = assertThrows(IllegalStateException.class,
                () -> KafkaBroker.create(directory, Map.of("log.retention.bytes", "plenty")));
        assertTrue(failure.getMessage().contains("log.retention.bytes"), failure::getMessage);
    }
}
