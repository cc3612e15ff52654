package io.semel.client.producer;

import java.util.Map;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Says that there are no groups here to commit offsets for. */
final class UnservedStaging implements OffsetStaging {
    static final OffsetStaging INSTANCE = new UnservedStaging();

    private UnservedStaging() {
    }

    @Override
    public void stage(Producer producer, ConsumerGroupMetadata group, Map<TopicPartition, OffsetAndMetadata> offsets,
            Consumer<KafkaException> answer) {
        answer.accept(new UnsupportedVersionException(
                "sendOffsetsToTransaction is not served yet by the embedded producer"));
    }
}
