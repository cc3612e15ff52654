package io.semel.client.producer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

import io.semel.client.runtime.ClientRuntime;
import io.semel.log.Durability;
import io.semel.log.batch.RecordCursor;
import io.semel.log.memory.Disk;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.PartitionReader;

/** A real directory with its clients' runtime, producers of strings, and a look at what the partitions hold. */
final class ProducerRig implements AutoCloseable {
    static final String TOPIC = "orders";

    /** System time plus what the test adds. */
    final AtomicLong clockAheadMs = new AtomicLong();
    private final EpochClock clock = () -> SystemEpochClock.INSTANCE.time() + clockAheadMs.get();
    private final Path path;
    private final Disk disk;
    private final Durability durability;
    private ClientRuntime runtime;

    private ProducerRig(Path path, Disk disk, Durability durability) {
        this.path = path;
        this.disk = disk;
        this.durability = durability;
    }

    static ProducerRig open(Path path, int partitionCount) throws IOException {
        return open(path, partitionCount, FileDisk.instance());
    }

    static ProducerRig open(Path path, int partitionCount, Disk disk) throws IOException {
        return open(path, partitionCount, disk, Durability.PROCESS);
    }

    static ProducerRig open(Path path, int partitionCount, Disk disk, Durability durability) throws IOException {
        ProducerRig rig = new ProducerRig(path, disk, durability);
        rig.reopen();
        if (!rig.broker().hasTopic(TOPIC)) {
            rig.broker().createTopic(TOPIC, partitionCount, Map.of());
        }
        return rig;
    }

    void reopen() throws IOException {
        runtime = ClientRuntime.start(Broker.open(path, new BrokerContext(disk, clock, UUID::randomUUID).withDurability(
                durability)), clock);
    }

    ClientRuntime runtime() {
        return runtime;
    }

    Broker broker() {
        return runtime.broker();
    }

    EmbeddedProducer<String, String> producer(Object... namesAndValues) {
        return EmbeddedProducer.open(runtime, configs(namesAndValues), new StringSerializer(), new StringSerializer());
    }

    /** Initialized, and with an id of its own. */
    EmbeddedProducer<String, String> transactional(String transactionalId, Object... namesAndValues) {
        Map<String, Object> configs = configs(namesAndValues);
        configs.put("transactional.id", transactionalId);
        EmbeddedProducer<String, String> producer = EmbeddedProducer.open(runtime, configs, new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    static Map<String, Object> configs(Object... namesAndValues) {
        Map<String, Object> configs = new HashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            configs.put((String) namesAndValues[index], namesAndValues[index + 1]);
        }
        return configs;
    }

    static ProducerRecord<String, String> record(int partition, String value) {
        return new ProducerRecord<>(TOPIC, partition, null, value);
    }

    /** The values in a partition in their order. */
    List<String> values(int partition, Isolation isolation) {
        List<String> values = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        try (PartitionReader reader = broker().partition(TOPIC, partition).openReader(0, isolation)) {
            while (reader.next()) {
                cursor.wrap(reader.batch());
                while (cursor.next()) {
                    values.add(new String(cursor.copyValue(), StandardCharsets.UTF_8));
                }
            }
        }
        return values;
    }

    List<String> committed(int partition) {
        return values(partition, Isolation.READ_COMMITTED);
    }

    List<String> written(int partition) {
        return values(partition, Isolation.READ_UNCOMMITTED);
    }

    @Override
    public void close() throws IOException {
        runtime.close();
    }
}
