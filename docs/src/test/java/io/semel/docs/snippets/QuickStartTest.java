package io.semel.docs.snippets;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;

import static io.semel.client.DeliverySemantics.AT_LEAST_ONCE;
import static io.semel.client.DeliverySemantics.EXACTLY_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** README's first lines of Java. */
class QuickStartTest {
    @TempDir
    Path directory;

    @Test
    void countsWordsExactlyOnce() throws Exception {
        Map<String, Integer> counts = new TreeMap<>();
        String text = "to be\nor not to be";
        // snippet: quick-start
        try (var semel = Semel.open(directory); var strings = Serdes.String(); var numbers = Serdes.Integer()) {
            semel.admin().createTopic("lines", 1);
            semel.admin().createTopic("words", 1);
            try (var producer = semel.producer(AT_LEAST_ONCE, Map.of(), strings.serializer(), strings.serializer())) {
                text.lines().forEach(line -> producer.send(new ProducerRecord<>("lines", line)));
            }
            try (var counter = semel.pipeline("word-counter").from("lines", strings, strings)
                    .<String, Integer>process((line, out) -> Stream.of(line.value().split(" "))
                            .forEach(word -> out.send(word, 1)))
                    .to("words", strings, numbers).start()) {
                counter.awaitCaughtUp(Duration.ofSeconds(30));
            }
            try (var reader = semel.consumer(EXACTLY_ONCE, Map.of(), strings.deserializer(), numbers.deserializer())) {
                reader.assign(List.of(new TopicPartition("words", 0)));
                reader.seekToBeginning(reader.assignment());
                reader.poll(Duration.ofSeconds(5)).forEach(word -> counts.merge(word.key(), 1, Integer::sum));
            }
        }
        // end-snippet
        assertEquals(Map.of("be", 2, "not", 1, "or", 1, "to", 2), counts);
    }
}
