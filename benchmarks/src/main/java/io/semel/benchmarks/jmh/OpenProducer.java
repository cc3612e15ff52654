package io.semel.benchmarks.jmh;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.semel.benchmarks.workload.semel.ProducerTransactions;
import io.semel.benchmarks.workload.semel.SemelTransactions;
import io.semel.client.Semel;
import io.semel.log.Durability;

/** A transactional producer into a fresh directory, per iteration. */
@State(Scope.Thread)
public class OpenProducer {
    private ScratchDirectory directory;
    private Semel semel;
    private Producer<byte[], byte[]> producer;
    private ConsumerGroupMetadata group;
    private long consumed;

    @Setup(Level.Iteration)
    public void open() throws Exception {
        directory = ScratchDirectory.create();
        semel = SemelTransactions.openTopics(directory.path(), 1, Durability.PROCESS);
        producer = ProducerTransactions.openProducer(semel, 0);
        group = ProducerTransactions.group(semel);
        consumed = 0;
    }

    void transact() {
        for (int i = 0; i < OpenTransactions.TRANSACTIONS; i++) {
            ProducerTransactions.transact(producer, group, consumed, ProducerTransactions.input(0), ++consumed);
        }
    }

    @TearDown(Level.Iteration)
    public void close() throws Exception {
        producer.close();
        semel.close();
        directory.close();
    }
}
