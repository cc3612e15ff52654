package io.semel.verify.programs;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import io.semel.client.DeliverySemantics;

/**
 * Copies records without transactions: at least once commits what is written, at most once writes what is committed.
 *
 * <p>Thread rule: one thread; acknowledgements are told by the producer's own.
 */
public final class Carrying {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<String, String> consumer;
    private final Producer<String, String> producer;
    private final DeliverySemantics semantics;
    private final EventOutput output;
    private final Consumption consumption;
    private final StopSignal stop;
    private final Interlude interlude;
    private volatile Exception failure;
    private volatile long carried;

    public Carrying(Consumer<String, String> consumer, Producer<String, String> producer, DeliverySemantics semantics,
            EventOutput output, StopSignal stop, Interlude interlude) {
        this.consumer = consumer;
        this.producer = producer;
        this.semantics = semantics;
        this.output = output;
        this.consumption = new Consumption(output, Consumption.Detail.RECORDS);
        this.stop = stop;
        this.interlude = interlude;
    }

    /** Until it is told to end. */
    public void run(String from, String to, String group) {
        output.print(output.event(EventLine.STARTUP_COMPLETE).with(EventLine.GROUP, group));
        consumer.subscribe(List.of(from), consumption);
        while (!stop.isRaised()) {
            ConsumerRecords<String, String> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                carry(records, to);
            }
        }
    }

    /** Any thread may ask. */
    public long carried() {
        return carried;
    }

    private void carry(ConsumerRecords<String, String> records, String to) {
        consumption.print(records);
        records.forEach(record -> send(record, to));
        producer.flush();
        if (failure != null) {
            throw new KafkaException("a copy could not be sent, and nothing of its poll is committed", failure);
        }
        if (semantics == DeliverySemantics.AT_LEAST_ONCE) {
            PollCommit.commit(consumer, records, output);
        }
        carried += records.count();
    }

    private void send(ConsumerRecord<String, String> record, String to) {
        ProducerRecord<String, String> copy = new ProducerRecord<>(to, record.partition(), record.key(), record
                .value());
        output.printSendBegun(copy);
        producer.send(copy, (sent, refusal) -> {
            if (refusal == null) {
                output.printSent(record.key(), record.value(), new TopicPartition(sent.topic(), sent.partition()), sent
                        .offset());
            } else {
                output.printSendError(copy, refusal);
                // At most once may lose it.
                failure = semantics == DeliverySemantics.AT_LEAST_ONCE ? refusal : null;
            }
        });
        interlude.pass();
    }
}
