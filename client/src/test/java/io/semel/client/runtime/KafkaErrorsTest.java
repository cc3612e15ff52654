package io.semel.client.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

import org.agrona.concurrent.SystemEpochClock;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DuplicateSequenceException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Append;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KafkaErrorsTest {
    private static final PartitionId ORDERS = new PartitionId("orders", 3);

    @TempDir
    Path directory;

    @Test
    void aFullDiskIsToldWithPartitionReasonAndRemedy() {
        IOException cause = new IOException("no room for 7 bytes of /data/orders-3/a");
        KafkaException told = KafkaErrors.noRoom(ORDERS, cause);
        assertSame(cause, told.getCause());
        for (String part : new String[] {"orders-3", "no room for 7 bytes of /data/orders-3/a", "free space"}) {
            assertTrue(told.getMessage().contains(part), told::getMessage);
        }
    }

    /** Another thread's append may find room between the refusal and the question why. */
    @Test
    void roomThatCameBackBeforeAnybodyAskedIsNoNull() {
        KafkaException told = KafkaErrors.noRoom(ORDERS, null);
        assertNull(told.getCause());
        assertFalse(told.getMessage().contains("null"), told::getMessage);
        assertTrue(told.getMessage().contains("room again") && told.getMessage().contains("send again"),
                told::getMessage);
    }

    /**
     * Row 10, KAFKA-14034: after an unknown server error a client begins its sequences again, and what it then sends
     * once more is there twice. So whatever a partition says to a batch has a name.
     */
    @Test
    void everyRefusalHasAnErrorOfItsOwn() throws IOException {
        try (Broker broker = Broker.open(directory, new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE,
                UUID::randomUUID))) {
            broker.createTopic("orders", 1, Map.of());
            long producerId = broker.producerIds().tryIssue();
            PartitionWriter writer = broker.partition("orders", 0).openWriter(producerId);
            RecordBatchWriter batch = new RecordBatchWriter(256, 8192);
            batch.begin(1_000).producer(producerId, (short) 0, 7).tryAppend(1_000, null, new byte[8]);
            ByteBuffer refused = batch.finish();
            Map<Long, Class<?>> errors = Map.of(Refusal.GAP, OutOfOrderSequenceException.class, Refusal.FENCED,
                    ProducerFencedException.class, Refusal.UNKNOWN_PRODUCER, UnknownProducerIdException.class,
                    Refusal.DUPLICATE_FORGOTTEN, DuplicateSequenceException.class, Append.DISK_FULL,
                    KafkaStorageException.class, Append.OFFLINE, KafkaStorageException.class);
            for (long code = Append.BACK_PRESSURED; code >= Refusal.NOTHING_TO_END; code--) {
                KafkaException told = KafkaErrors.refused(code, writer, refused);
                assertSame(errors.getOrDefault(code, KafkaException.class), told.getClass(), told::getMessage);
                assertTrue(told.getMessage().contains("orders-0"), told::getMessage);
            }
        }
    }
}
