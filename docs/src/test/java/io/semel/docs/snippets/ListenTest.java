package io.semel.docs.snippets;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.server.SemelServer;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ListenTest {
    @TempDir
    Path directory;

    @Test
    void aClientOfKafkasWritesThroughThePort() throws Exception {
        Map<String, Object> configs = new HashMap<>();
        // snippet: listen
        try (Semel semel = Semel.open(directory); SemelServer server = SemelServer.listen(semel, 0)) {
            configs.put("bootstrap.servers", server.bootstrapServers());
            try (Producer<String, String> remote = new KafkaProducer<>(configs, new StringSerializer(),
                    new StringSerializer())) {
                remote.send(new ProducerRecord<>("orders", "by a client of Kafka's")).get();
            }
            semel.admin().describeTopic("orders");
        }
        // end-snippet
        try (Semel semel = Semel.open(directory)) {
            assertEquals(1, semel.admin().describeTopic("orders").partitions().get(0).end());
        }
    }
}
