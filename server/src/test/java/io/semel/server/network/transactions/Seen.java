package io.semel.server.network.transactions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Stability;

/** What the owner of the directory sees, in process, of what producers did over the wire. */
final class Seen {
    private Seen() {
    }

    /** Values of partition 0 that are committed. */
    static List<String> committed(Semel semel, String topic) {
        return values(semel, topic, DeliverySemantics.EXACTLY_ONCE);
    }

    /** Values of partition 0, aborted and open ones included. */
    static List<String> all(Semel semel, String topic) {
        return values(semel, topic, DeliverySemantics.AT_LEAST_ONCE);
    }

    private static List<String> values(Semel semel, String topic, DeliverySemantics semantics) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (Consumer<String, String> consumer = semel.consumer(semantics, Map.of("enable.auto.commit", "false"),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            long end = consumer.endOffsets(Set.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach((ConsumerRecord<String, String> record) -> values.add(
                        record.value()));
            }
        }
        return values;
    }

    /** Whether everything in partition 0 has ended. */
    static boolean nothingIsOpen(Semel semel, String topic) {
        return semel.runtime().broker().partition(topic, 0).stableOffset() == semel.runtime().broker().partition(topic,
                0).readableOffset();
    }

    /** The group's offset of partition 0 that is committed, whatever is pending; -1 for none. */
    static long offset(Semel semel, String group, String topic) {
        CompletableFuture<FetchResult> answer = new CompletableFuture<>();
        semel.runtime().broker().groups().fetch(group, List.of(new PartitionName(topic, 0)), Stability.ANY,
                answer::complete);
        return answer.join().offsets().get(0).committed().offset();
    }
}
