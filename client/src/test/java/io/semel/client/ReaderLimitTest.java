package io.semel.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.log.memory.Limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class ReaderLimitTest {
    @TempDir
    Path directory;

    @Test
    void oneReaderTooManyIsRefusedAndTheOthersGoOn() throws Exception {
        try (Semel semel = Semel.open(directory, Durability.PROCESS, Limits.DEFAULT.withReaders(2))) {
            semel.admin().createTopic("orders", 1);
            Reader first = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, "orders", 0, 0);
            Reader second = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, "orders", 0, 0);
            KafkaException refused = assertThrows(KafkaException.class,
                    () -> semel.openReader(DeliverySemantics.AT_LEAST_ONCE, "orders", 0, 0));
            assertTrue(refused.getMessage().contains("readers=2 of 2") && refused.getMessage().contains("orders-0"),
                    refused::getMessage);
            try (Consumer<String, String> consumer = semel.consumer(DeliverySemantics.AT_LEAST_ONCE,
                    Map.of("auto.offset.reset", "earliest"), new StringDeserializer(), new StringDeserializer())) {
                consumer.assign(List.of(new TopicPartition("orders", 0)));
                assertThrows(KafkaException.class, () -> consumer.poll(Duration.ofMillis(10)));
                second.close();
                second.close();
                try (Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0)) {
                    appender.append(null, Records.bytes("x"));
                }
                assertEquals(1, consumer.poll(Duration.ofSeconds(10)).count());
                assertEquals(2, semel.budget().readers().held());
            }
            assertEquals(List.of("x"), Records.drain(first));
            first.close();
            assertEquals(0, semel.budget().readers().held());
        }
    }
}
