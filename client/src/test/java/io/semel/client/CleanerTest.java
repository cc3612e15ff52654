package io.semel.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.runtime.Waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class CleanerTest {
    @TempDir
    Path directory;

    @Test
    void oldSegmentsGoInTheBackground() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            SemelAdmin admin = semel.admin();
            admin.createTopic("orders", 1, Map.of("segment.bytes", "65536", "retention.bytes", "65536"));
            Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
            for (int number = 0; number < 400; number++) {
                appender.append(null, new byte[1000]);
            }
            appender.flush();
            Waiting waiting = Waiting.upTo(Duration.ofSeconds(30), "old segments to go");
            while (admin.describeTopic("orders").partitions().get(0).sizeInBytes() > 3 * 65536) {
                waiting.pause();
            }
            assertTrue(admin.describeTopic("orders").partitions().get(0).start() > 0);
            while (admin.describeCleaning("orders").get(0).deletedSegments() == 0) {
                waiting.pause();
            }
            SemelAdmin.CleaningDescription cleaned = admin.describeCleaning("orders").get(0);
            assertTrue(cleaned.deletedBytes() >= 60_000, cleaned::toString);
            assertEquals(0, cleaned.compactedOffset());
        }
    }
}
