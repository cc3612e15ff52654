package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Retention as a directory's owner meets it. */
class BrokerRetentionTest {
    private static final long DAY_MS = 86_400_000;
    private static final Map<String, String> A_DAY = Map.of("segment.bytes", "65536", "retention.ms",
            Long.toString(DAY_MS));

    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root);
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Partition topic(String name, Map<String, String> configs) throws IOException {
        return rig.broker().createTopic(name, 1, configs).partitions().get(0);
    }

    /** Enough to leave two full segments behind. */
    private void fill(Partition partition) {
        RecordBatchWriter batch = new RecordBatchWriter(1024, 1 << 20);
        for (int number = 0; number < 25; number++) {
            batch.begin(rig.clock.time()).tryAppend(rig.clock.time(), null, new byte[6000]);
            ByteBuffer finished = batch.finish();
            assertTrue(partition.openWriter().append(finished) >= 0);
        }
    }

    private void work() {
        while (rig.broker().doWork() + rig.broker().flush() + rig.broker().clean() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void recordsGoWhenTheirDayIsOver() throws IOException {
        Partition partition = topic("orders", A_DAY);
        fill(partition);
        work();
        assertEquals(0, partition.startOffset());
        rig.clock.advance(DAY_MS + 1);
        work();
        assertTrue(partition.startOffset() > 0);
        // The last segment is rolled and goes as well, after it was watched for a while.
        rig.clock.advance(DAY_MS + 1);
        work();
        assertEquals(25, partition.startOffset());
        rig.restart();
        assertEquals(25, rig.broker().partition("orders", 0).startOffset());
        assertEquals(List.of(), rig.read("orders", Isolation.READ_UNCOMMITTED));
    }

    @Test
    void nothingOfAnOpenTransactionGoes() throws IOException {
        Partition partition = topic("orders", Map.of("segment.bytes", "65536", "retention.bytes", "0"));
        Instance instance = Instance.open(rig, "t").begin().put("orders", "first");
        fill(partition);
        work();
        assertEquals(0, partition.startOffset());
        assertThrows(IllegalArgumentException.class, () -> rig.broker().deleteRecords("orders", 0, 1));
        assertEquals(0, rig.broker().deleteRecords("orders", 0, Broker.TO_THE_END));
        assertEquals(Progress.DONE, instance.commit());
        work();
        assertTrue(partition.startOffset() > 0);
        assertTrue(partition.startOffset() <= partition.stableOffset());
    }

    @Test
    void abortedRecordsStayHiddenAfterTheirBeginningIsGone() throws IOException {
        Partition partition = topic("orders", Map.of("segment.bytes", "65536"));
        Instance instance = Instance.open(rig, "t").begin().put("orders", "gone");
        instance.put("orders", "never");
        assertEquals(Progress.DONE, instance.abort());
        fill(partition);
        work();
        assertEquals(1, rig.broker().deleteRecords("orders", 0, 1));
        assertEquals(25, rig.committed("orders").size());
        rig.crash();
        assertEquals(25, rig.committed("orders").size());
        assertEquals(1, rig.broker().partition("orders", 0).startOffset());
    }

    @Test
    void internalTopicsNeverGetOld() throws IOException {
        rig.topics("orders");
        Instance instance = Instance.open(rig, "t").begin().put("orders", "x");
        assertEquals(Progress.DONE, instance.commit());
        rig.clock.advance(1000 * DAY_MS);
        work();
        for (String name : List.of(Broker.OFFSETS_TOPIC, Broker.TRANSACTIONS_TOPIC)) {
            assertEquals(0, rig.broker().partition(name, 0).startOffset());
            assertThrows(InvalidTopicException.class, () -> rig.broker().deleteRecords(name, 0, 0));
            assertThrows(InvalidTopicException.class, () -> rig.broker().configureTopic(name, Map.of()));
        }
        assertTrue(rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).readableOffset() > 0);
    }

    @Test
    void aChangedLimitHoldsAtOnceAndAfterARestart() throws IOException {
        fill(topic("orders", BrokerRig.SMALL));
        work();
        Map<String, String> fewer = Map.of("segment.bytes", "65536", "retention.bytes", "65536");
        rig.broker().configureTopic("orders", fewer);
        assertEquals(fewer, rig.broker().topic("orders").configs());
        work();
        long start = rig.broker().partition("orders", 0).startOffset();
        assertTrue(start > 0);
        rig.crash();
        assertEquals(fewer, rig.broker().topic("orders").configs());
        assertEquals(start, rig.broker().partition("orders", 0).startOffset());
        fill(rig.broker().partition("orders", 0));
        work();
        assertTrue(rig.broker().partition("orders", 0).startOffset() > start);
    }

    @Test
    void recordsOfACompactedTopicAreNotDeletedByOffset() throws IOException {
        topic("orders", Map.of("cleanup.policy", "compact"));
        assertThrows(InvalidTopicException.class, () -> rig.broker().deleteRecords("orders", 0, 0));
    }
}
