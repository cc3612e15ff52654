package io.semel.verify.programs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Commits what one poll gave, and tells. Stateless. */
final class PollCommit {
    private PollCommit() {
    }

    /** What a rebalance took away is committed by nobody, and given again to whoever has it now. */
    static void commit(Consumer<String, String> consumer, ConsumerRecords<String, String> records, EventOutput output) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        Map<TopicPartition, Long> told = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<String, String>> some = records.records(partition);
            long offset = some.get(some.size() - 1).offset() + 1;
            next.put(partition, new OffsetAndMetadata(offset));
            told.put(partition, offset);
        }
        try {
            consumer.commitSync(next);
            output.printCommitted(told, null);
        } catch (KafkaException e) {
            output.printCommitted(told, e);
        }
    }
}
