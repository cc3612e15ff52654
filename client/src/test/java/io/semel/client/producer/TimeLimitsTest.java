package io.semel.client.producer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.DirectClaim;
import io.semel.transactions.partition.Partition;

import static io.semel.client.producer.ProducerRig.TOPIC;
import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A time limit is one limit, however many stages what it limits goes through. */
@Timeout(60)
class TimeLimitsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final SendQueue queue = new SendQueue(new BufferMemory(1 << 20));
    private ProducerRig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = ProducerRig.open(path, 1);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aRecordIsAsOldAsItsSendHoweverLateTheSenderTakesIt() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (EmbeddedProducer<String, String> producer = rig.producer()) {
            producer.send(record(0, "a"), (metadata, e) -> {
                held.countDown();
                try {
                    free.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            });
            held.await();
            long beforeNs = System.nanoTime();
            PendingRecord waiting = assertInstanceOf(PendingRecord.class, producer.send(record(0, "b")));
            long sentNs = waiting.sentNs();
            long afterNs = System.nanoTime();
            free.countDown();
            waiting.get();
            assertTrue(sentNs - beforeNs >= 0 && afterNs - sentNs >= 0, "sent at " + sentNs);
            assertEquals(sentNs, waiting.sentNs());
        }
    }

    @Test
    void aBatchThatWaitsForItsAcknowledgementHasOnlyWhatIsLeftOfItsTime() throws Exception {
        Partition partition = rig.broker().partition(TOPIC, 0);
        DirectClaim inFront = new DirectClaim(partition.log());
        inFront.tryClaim(null, 100, 0);
        ProducerSettings settings = ProducerSettings.parse(ProducerRig.configs(), new StringSerializer(),
                new StringSerializer());
        Lane lane = lane(partition, settings);
        PendingRecord record = put(partition);
        lane.add(record);
        lane.work(record.sentNs() + settings.deliveryTimeoutNs, Cut.NOW);
        assertFalse(record.isDone());
        lane.work(record.sentNs() + settings.deliveryTimeoutNs + 1, Cut.NOW);
        Throwable told = assertThrows(ExecutionException.class, record::get).getCause();
        assertInstanceOf(TimeoutException.class, told);
        assertTrue(told.getMessage().contains("appended to orders-0"), told.getMessage());
        inFront.abort();
    }

    private static Lane lane(Partition partition, ProducerSettings settings) {
        BufferMemory memory = new BufferMemory(1 << 20);
        Deliveries deliveries = new Deliveries(new Interceptors<>(List.of()), memory, TransactionGate.open(),
                new ProducerMetrics("c", memory));
        return new Lane(partition, settings, new AnonymousAuthor(), deliveries);
    }

    private PendingRecord put(Partition partition) {
        EncodedRecord encoded = EncodedRecord.of(null, new byte[1], new RecordHeaders(), 1_000);
        PendingRecord record = new PendingRecord(partition, encoded, encoded.sizeInBytes(), 0, null, queue);
        queue.put(record, Duration.ZERO);
        return record;
    }

    @Test
    void aCallThatWaitedForRoomWaitsForItsOutcomeOnlyAsLongAsIsLeft() {
        Command never = new Command("commitTransaction", Command.Batches.LEAVE, () -> false);
        assertThrows(TimeoutException.class, () -> never.await(System.nanoTime() - HOUR.toNanos(), HOUR));
    }
}
