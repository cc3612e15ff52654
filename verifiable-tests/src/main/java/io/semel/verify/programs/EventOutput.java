package io.semel.verify.programs;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import io.semel.server.inspect.Fields;

/**
 * Prints what happens to a program, one JSON object a line, each flushed before the program goes on: what stands there
 * happened, however it dies.
 *
 * <p>Thread rule: any thread; programs of several members share the writer.
 */
public final class EventOutput {
    private final PrintWriter out;
    private final String process;

    /** @param process of several in one JVM; empty when there is one */
    public EventOutput(PrintWriter out, String process) {
        this.out = out;
        this.process = process;
    }

    /** The beginning of a line, in the order in which Kafka's tools have it. */
    public Fields event(String name) {
        Fields fields = new Fields().with("timestamp", System.currentTimeMillis()).with(EventLine.NAME, name);
        return process.isEmpty() ? fields : fields.with(EventLine.PROCESS, process);
    }

    public void print(Fields line) {
        synchronized (out) {
            out.println(line.json());
            out.flush();
        }
    }

    public void print(String name) {
        print(event(name));
    }

    public void printPartitions(String name, Collection<TopicPartition> partitions) {
        print(event(name).with(EventLine.PARTITIONS, partitions.stream().map(EventOutput::fields).toList()));
    }

    public static Fields fields(TopicPartition partition) {
        return new Fields().with(EventLine.TOPIC, partition.topic()).with(EventLine.PARTITION, partition.partition());
    }

    public void printSendBegun(ProducerRecord<String, String> record) {
        print(of(EventLine.SEND_BEGUN, record));
    }

    /** Without a partition when that is for the client to choose. */
    private Fields of(String name, ProducerRecord<String, String> record) {
        Fields line = event(name).with("key", record.key()).with(EventLine.VALUE, record.value()).with(EventLine.TOPIC,
                record.topic());
        return record.partition() == null ? line : line.with(EventLine.PARTITION, record.partition());
    }

    public void printSent(String key, String value, TopicPartition partition, long offset) {
        print(event(EventLine.SEND_SUCCESS).with("key", key).with(EventLine.VALUE, value).with(EventLine.TOPIC,
                partition
                        .topic()).with(EventLine.PARTITION, partition.partition()).with(EventLine.OFFSET, offset));
    }

    public void printSendError(ProducerRecord<String, String> record, Exception failure) {
        print(of(EventLine.SEND_ERROR, record).with(EventLine.EXCEPTION, failure.getClass().toString()).with("message",
                failure.getMessage()));
    }

    public void printCommitted(Map<TopicPartition, Long> offsets, Exception failure) {
        Fields line = event(EventLine.OFFSETS_COMMITTED).with("offsets", offsets.entrySet().stream().map(each -> fields(
                each
                        .getKey()).with(EventLine.OFFSET, each.getValue())).toList());
        if (failure != null) {
            line.with("error", failure.getMessage());
        }
        print(line.with("success", failure == null));
    }
}
