package io.semel.verify.programs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

import io.semel.server.inspect.Fields;

/** Tells what a consumer is given: partitions and records. Thread rule: the consumer's thread. */
public final class Consumption implements ConsumerRebalanceListener {
    /** Whether each record is told, or each poll only. */
    public enum Detail {
        RECORDS, POLLS
    }

    private final EventOutput output;
    private final Detail detail;

    public Consumption(EventOutput output, Detail detail) {
        this.output = output;
        this.detail = detail;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        output.printPartitions(EventLine.PARTITIONS_ASSIGNED, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        output.printPartitions(EventLine.PARTITIONS_REVOKED, partitions);
    }

    public void print(ConsumerRecords<String, String> records) {
        List<Fields> summaries = new ArrayList<>();
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<String, String>> some = records.records(partition);
            if (detail == Detail.RECORDS) {
                some.forEach(this::print);
            }
            summaries.add(EventOutput.fields(partition).with("count", some.size()).with("minOffset", some.get(0)
                    .offset())
                    .with("maxOffset", some.get(some.size() - 1).offset()));
        }
        output.print(output.event(EventLine.RECORDS_CONSUMED).with("count", records.count()).with(EventLine.PARTITIONS,
                summaries));
    }

    private void print(ConsumerRecord<String, String> record) {
        output.print(output.event(EventLine.RECORD_DATA).with("key", record.key()).with(EventLine.VALUE, record.value())
                .with(
                        EventLine.TOPIC, record.topic()).with(EventLine.PARTITION, record.partition()).with(
                                EventLine.OFFSET, record
                                        .offset()));
    }
}
