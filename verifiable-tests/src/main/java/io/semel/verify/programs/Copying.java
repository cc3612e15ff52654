package io.semel.verify.programs;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;

import io.semel.server.inspect.Fields;

/**
 * Copies records in transactions, each with the offsets of what it copied.
 *
 * <p>Thread rule: one thread; acknowledgements are told by the producer's own.
 */
public final class Copying {
    /** Of transactions, with random aborts. */
    public static final int PERCENT_ABORTED = 33;

    /** Whose offsets a transaction commits. */
    public enum GroupMetadata {
        OF_THE_MEMBER, OF_NOBODY
    }

    /** When it has done enough. */
    public enum Until {
        /** What was there when it got its partitions is copied. */
        COPIED,
        /** It is told to end. */
        STOPPED
    }

    /** Where a copy goes. */
    public enum Placement {
        SAME_PARTITION,
        /** Where the producer's own partitioner puts it: the copies are in no order that could be checked. */
        ANY_PARTITION
    }

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int PERCENT = 100;
    private static final long ALL = -1;

    private final Consumer<String, String> consumer;
    private final Producer<String, String> producer;
    private final CopierOutput output;
    private final Consumption consumption;
    private final StopSignal stop;
    private final SplittableRandom random;
    private String outputTopic;
    private String group;
    private GroupMetadata metadata;
    private long most;
    private int percentAborted;
    private Until until = Until.COPIED;
    private Placement placement = Placement.SAME_PARTITION;
    private Interlude interlude = Interlude.NONE;

    public Copying(Consumer<String, String> consumer, Producer<String, String> producer, CopierOutput output,
            StopSignal stop,
            SplittableRandom random) {
        this.consumer = consumer;
        this.producer = producer;
        this.output = output;
        this.consumption = new Consumption(output.events(), Consumption.Detail.RECORDS);
        this.stop = stop;
        this.random = random;
    }

    public void configure(String into, String ofGroup, GroupMetadata with, long maxMessages, int percentOfAborts) {
        outputTopic = into;
        group = ofGroup;
        metadata = with;
        most = maxMessages == ALL ? Long.MAX_VALUE : maxMessages;
        percentAborted = percentOfAborts;
    }

    /** If nothing else is said, it copies what is there, in order, and undisturbed. */
    public void configure(Until end, Placement where, Interlude disturbance) {
        until = end;
        placement = where;
        interlude = disturbance;
    }

    public void assign(String topic, int partition) {
        List<TopicPartition> one = List.of(new TopicPartition(topic, partition));
        output.tell(started().with(EventLine.PARTITIONS, one.stream().map(EventOutput::fields).toList()));
        consumer.assign(one);
        output.expect(expected(one));
    }

    /** Until it has partitions it can't know how much is left, and goes on. */
    public void subscribe(String topic) {
        output.tell(started());
        output.expect(most);
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                if (output.tellsHistory()) {
                    consumption.onPartitionsRevoked(partitions);
                }
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                if (output.tellsHistory()) {
                    consumption.onPartitionsAssigned(partitions);
                }
                output.expect(expected(consumer.assignment()));
                output.printProgress("RebalanceComplete");
            }
        });
    }

    private Fields started() {
        return output.events().event(EventLine.STARTUP_COMPLETE).with(EventLine.GROUP, group);
    }

    private long expected(Collection<TopicPartition> partitions) {
        return until == Until.STOPPED ? most : Math.min(most, left(partitions));
    }

    /** The end may lie behind a marker, which is never polled; positions pass it. */
    private long left(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        return partitions.stream().mapToLong(partition -> ends.get(partition) - consumer.position(partition)).sum();
    }

    public void run() {
        producer.initTransactions();
        while (output.remaining() > 0 && !stop.isRaised()) {
            output.printProgress("ProcessLoop");
            ConsumerRecords<String, String> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                copy(records);
            } else if (until == Until.COPIED && left(consumer.assignment()) == 0 && !consumer.assignment().isEmpty()) {
                output.expect(0);
            }
        }
    }

    private void copy(ConsumerRecords<String, String> records) {
        producer.beginTransaction();
        output.tell(EventLine.TRANSACTION_BEGUN);
        if (output.tellsHistory()) {
            consumption.print(records);
        }
        try {
            records.forEach(this::send);
            producer.sendOffsetsToTransaction(positions(), groupMetadata());
            producer.flush();
            if (random.nextInt(PERCENT) < percentAborted) {
                abort();
            } else {
                output.tell(EventLine.TRANSACTION_COMMITTING);
                producer.commitTransaction();
                output.tell(EventLine.TRANSACTION_COMMITTED);
                output.copied(records.count());
            }
        } catch (ProducerFencedException | InvalidProducerEpochException | OutOfOrderSequenceException e) {
            throw e;
        } catch (KafkaException e) {
            abort();
        }
    }

    private void send(ConsumerRecord<String, String> record) {
        Integer partition = placement == Placement.SAME_PARTITION ? record.partition() : null;
        ProducerRecord<String, String> copy = new ProducerRecord<>(outputTopic, partition, record.key(), record
                .value());
        if (output.tellsHistory()) {
            output.events().printSendBegun(copy);
        }
        producer.send(copy, (sent, failure) -> {
            if (!output.tellsHistory()) {
                return;
            }
            if (failure == null) {
                output.events().printSent(record.key(), record.value(), new TopicPartition(sent.topic(), sent
                        .partition()), sent.offset());
            } else {
                output.events().printSendError(copy, failure);
            }
        });
        interlude.pass();
    }

    private Map<TopicPartition, OffsetAndMetadata> positions() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        consumer.assignment().forEach(partition -> positions.put(partition, new OffsetAndMetadata(consumer.position(
                partition))));
        return positions;
    }

    /**
     * Without a generation nobody is refused for having lost his partitions. Kafka will have an interface here; until
     * then there is only this constructor.
     */
    @SuppressWarnings("removal")
    private ConsumerGroupMetadata groupMetadata() {
        return metadata == GroupMetadata.OF_THE_MEMBER ? consumer.groupMetadata() : new ConsumerGroupMetadata(group);
    }

    private void abort() {
        producer.abortTransaction();
        output.tell(EventLine.TRANSACTION_ABORTED);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
        for (TopicPartition partition : consumer.assignment()) {
            OffsetAndMetadata offset = committed.get(partition);
            consumer.seek(partition, offset == null ? 0 : offset.offset());
        }
    }
}
