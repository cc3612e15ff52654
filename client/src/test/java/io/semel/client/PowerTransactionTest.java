package io.semel.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.transactions.broker.TopicConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** POWER through the client: what is acknowledged or committed was forced, by whichever thread. */
@Timeout(120)
class PowerTransactionTest {
    @TempDir
    Path directory;

    private static List<String> read(Semel semel, String topic, int count) {
        List<String> read = new ArrayList<>();
        try (Reader reader = semel.openReader(DeliverySemantics.EXACTLY_ONCE, topic, 0, 0)) {
            while (read.size() < count && reader.await(Duration.ofSeconds(60))) {
                reader.poll(record -> read.add(new String(record.copyValue())), 10);
            }
        }
        return read;
    }

    @Test
    void transactionsCommitInPowerAndAreThereAfterReopening() throws Exception {
        try (Semel semel = Semel.open(directory, Durability.POWER)) {
            semel.admin().createTopic("a", 1);
            semel.admin().createTopic("b", 1);
            try (TransactionalAppender appender = semel.openTransactionalAppender("t")) {
                TransactionalAppender.Target a = appender.target("a", 0);
                TransactionalAppender.Target b = appender.target("b", 0);
                for (int number = 0; number < 20; number++) {
                    appender.begin();
                    appender.append(a, null, Records.bytes("a" + number));
                    appender.append(b, null, Records.bytes("b" + number));
                    if (number % 5 == 4) {
                        appender.abort();
                    } else {
                        appender.commit();
                    }
                }
            }
            assertEquals(16, read(semel, "a", 16).size());
            assertEquals(16, read(semel, "b", 16).size());
        }
        try (Semel semel = Semel.open(directory, Durability.POWER)) {
            assertEquals(16, read(semel, "a", 16).size());
            assertEquals(0, semel.recovery().lostBranches());
        }
    }

    @Test
    void anAppenderWaitsForTheMediumAndKafkasProducerIsAnsweredByTheFlusher() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic("power", 1, Map.of(TopicConfig.DURABILITY, "power"));
            try (Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "power", 0)) {
                appender.append(null, Records.bytes("0"));
                appender.awaitAcknowledged();
                assertEquals(List.of("0"), read(semel, "power", 1));
            }
            try (Producer<String, String> producer = semel.producer(DeliverySemantics.AT_LEAST_ONCE, Map.of(),
                    new StringSerializer(), new StringSerializer())) {
                assertEquals(1, producer.send(new ProducerRecord<>("power", "1")).get().offset());
            }
            assertEquals(List.of("0", "1"), read(semel, "power", 2));
        }
    }

    @Test
    void whatNobodyWaitsForIsForcedAndShownNevertheless() throws Exception {
        try (Semel semel = Semel.open(directory, Durability.POWER)) {
            semel.admin().createTopic("a", 1);
            try (Appender appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, "a", 0)) {
                appender.append(null, Records.bytes("0"));
                appender.flush();
                assertEquals(List.of("0"), read(semel, "a", 1));
            }
        }
    }

    @Test
    void aDurabilityThatDoesNotExistIsRefused() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            String message = assertThrows(RuntimeException.class,
                    () -> semel.admin().createTopic("a", 1, Map.of(TopicConfig.DURABILITY, "strong"))).getMessage();
            assertTrue(message.contains("semel.durability given=strong") && message.contains("power"), message);
        }
    }
}
