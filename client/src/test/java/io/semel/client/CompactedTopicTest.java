package io.semel.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.runtime.Waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A topic that keeps the newest of every key, as its users meet it. */
@Timeout(120)
class CompactedTopicTest {
    private static final int KEYS = 20;
    private static final int UPDATES = 600;
    private static final String LARGE = "v".repeat(1000);

    @TempDir
    Path directory;

    /** What was read, by key. */
    private static final class Table {
        final Map<String, String> rows = new HashMap<>();

        void take(Reader reader) {
            int[] records = {1};
            while (records[0] > 0) {
                records[0] = 0;
                reader.poll(record -> {
                    String key = Records.text(record.keySlice());
                    if (record.valueSlice() == null) {
                        rows.remove(key);
                    } else {
                        rows.put(key, Records.value(record));
                    }
                    records[0]++;
                }, 50);
            }
        }
    }

    private static Map<String, String> read(Semel semel) {
        Table table = new Table();
        try (Reader reader = semel.openReader(DeliverySemantics.EXACTLY_ONCE, "accounts", 0, 0)) {
            table.take(reader);
        }
        return table.rows;
    }

    private static void write(Semel semel, Map<String, String> expected, int from, int to) {
        try (Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "accounts", 0)) {
            for (int number = from; number < to; number++) {
                String key = "k" + number % KEYS;
                if (number % 7 == 0) {
                    appender.append(Records.bytes(key), null);
                    expected.remove(key);
                } else {
                    appender.append(Records.bytes(key), Records.bytes(number + LARGE));
                    expected.put(key, number + LARGE);
                }
            }
            appender.flush();
        }
    }

    private static void awaitSmall(Semel semel) {
        Waiting waiting = Waiting.upTo(Duration.ofSeconds(60), "superseded records to go");
        while (semel.admin().describeTopic("accounts").partitions().get(0).sizeInBytes() > 3 * 65536) {
            waiting.pause();
        }
    }

    @Test
    void theNewestOfEveryKeyIsReadBeforeAndAfterAndFilesShrink() throws Exception {
        keepsTheNewest("compact");
    }

    @Test
    void aPolicyOfBothCompactsToo() throws Exception {
        keepsTheNewest("compact,delete");
    }

    private void keepsTheNewest(String policy) throws Exception {
        Map<String, String> expected = new HashMap<>();
        Table followed = new Table();
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic("accounts", 1, Map.of("segment.bytes", "65536", "cleanup.policy", policy,
                    "min.cleanable.dirty.ratio", "0"));
            try (Reader follower = semel.openReader(DeliverySemantics.EXACTLY_ONCE, "accounts", 0, 0)) {
                write(semel, expected, 0, UPDATES / 2);
                followed.take(follower);
                write(semel, expected, UPDATES / 2, UPDATES);
                followed.take(follower);
            }
            awaitSmall(semel);
            Waiting waiting = Waiting.upTo(Duration.ofSeconds(30), "the end of a compaction");
            while (semel.admin().describeCleaning("accounts").get(0).compactedOffset() == 0) {
                waiting.pause();
            }
            SemelAdmin.CleaningDescription cleaned = semel.admin().describeCleaning("accounts").get(0);
            assertTrue(cleaned.compaction().bytesRead() > 0, cleaned::toString);
            assertTrue(cleaned.compaction().recordsRemoved() > 0, cleaned::toString);
            assertEquals(expected, read(semel));
            assertEquals(expected, followed.rows);
        }
        try (Semel semel = Semel.open(directory)) {
            assertEquals(expected, read(semel));
            write(semel, expected, UPDATES, UPDATES + KEYS);
            assertEquals(expected, read(semel));
        }
    }
}
