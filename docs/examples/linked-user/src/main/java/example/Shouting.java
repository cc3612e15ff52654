package example;

import io.semel.client.DeliverySemantics;
import io.semel.client.Pipeline;
import io.semel.client.Semel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Consumes words, makes them loud, produces them again: each exactly once, however often it is started and stopped. */
public final class Shouting {
    private static final int WORDS_A_START = 1_000;

    public static void main(String[] args) throws Exception {
        try (Semel semel = Semel.open(Path.of(args[0]))) {
            if (!semel.admin().hasTopic("words")) {
                semel.admin().createTopic("words", 1);
                semel.admin().createTopic("shouts", 1);
            }
            try (var producer = semel.producer(DeliverySemantics.AT_LEAST_ONCE, Map.of(), new StringSerializer(), new StringSerializer())) {
                for (int i = 0; i < WORDS_A_START; i++) {
                    producer.send(new ProducerRecord<>("words", "word", "word-" + i));
                }
            }
            try (Pipeline pipeline = semel.pipeline("shouting").from("words", Serdes.String(), Serdes.String())
                    .<String, String>process((word, shouts) -> shouts.send(word.key(), word.value().toUpperCase()))
                    .to("shouts", Serdes.String(), Serdes.String()).start()) {
                pipeline.awaitCaughtUp(Duration.ofSeconds(60));
            }
            try (var consumer = semel.consumer(DeliverySemantics.EXACTLY_ONCE, Map.of(), new StringDeserializer(), new StringDeserializer())) {
                consumer.assign(List.of(new TopicPartition("shouts", 0)));
                consumer.seekToBeginning(consumer.assignment());
                int shouts = 0;
                for (int count = 1; count > 0; shouts += count) {
                    count = consumer.poll(Duration.ofMillis(200)).count();
                }
                System.out.println("committed shouts: " + shouts);
            }
        }
    }
}
