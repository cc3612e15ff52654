package io.semel.verify.scenarios.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.verify.programs.Consumption;
import io.semel.verify.programs.EventLine;
import io.semel.verify.programs.EventOutput;

/** Reads a topic from its start to its end, and prints every record. Stateless. */
public final class ReadThrough {
    /** Before the topic's name, makes the name of the program that reads it. */
    public static final String READER = "reader-of-";

    private static final Duration POLL = Duration.ofMillis(200);

    private ReadThrough() {
    }

    /** @return all values */
    static List<String> of(String topic, Semel semel, DeliverySemantics semantics, EventOutput output) {
        List<String> values = new ArrayList<>();
        Consumption consumption = new Consumption(output, Consumption.Detail.RECORDS);
        List<TopicPartition> all = IntStream.range(0, Setting.PARTITIONS).mapToObj(partition -> new TopicPartition(
                topic, partition)).toList();
        output.print(EventLine.STARTUP_COMPLETE);
        // At most once would commit, and here is nothing to lose: what it reads is the same.
        try (Consumer<String, String> consumer = semel.consumer(semantics == DeliverySemantics.EXACTLY_ONCE ? semantics
                : DeliverySemantics.AT_LEAST_ONCE, Map.of("enable.auto.commit", "false"), new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                ConsumerRecords<String, String> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    consumption.print(records);
                    records.forEach(record -> values.add(record.value()));
                }
            }
        }
        output.print(EventLine.SHUTDOWN_COMPLETE);
        return values;
    }
}
