package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.semel.idempotence.Verdicts;
import io.semel.log.Append;
import io.semel.log.Durability;
import io.semel.log.LogConfig;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.TopicConfig;
import io.semel.transactions.partition.Refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A topic that is given more partitions, with a crash in each storage call of it: it has the old count or the new. */
class GrownTopicTest {
    private static final Path DIRECTORY = Path.of("/data");
    private static final int BEFORE = 2;
    private static final int AFTER = 4;
    private static final String SMALL = Integer.toString(LogConfig.MIN_SEGMENT_BYTES);

    private final BatchSource batches = new BatchSource(new SplittableRandom(1), BatchSource.Sizes.MIXED);
    private long uuids;

    /** What one try left on the disk. */
    private record Try(SimulatedDisk disk, boolean finished, long end) {
    }

    private Broker open(SimulatedDisk disk) throws IOException {
        return Broker.open(DIRECTORY, new BrokerContext(disk, () -> 1_000_000, () -> new UUID(7, ++uuids),
                Durability.PROCESS, Verdicts.STRICT).withOwnSegmentBytes(LogConfig.MIN_SEGMENT_BYTES));
    }

    private void append(Broker broker, int partition) {
        ByteBuffer batch = batches.next();
        long code = broker.partition("orders", partition).openWriter().append(batch);
        while (code == Append.BACK_PRESSURED) {
            broker.doWork();
            code = broker.partition("orders", partition).openWriter().append(batch);
        }
        assertTrue(code >= 0, Refusal.describe(code));
    }

    private Try growWithACrash(long seed, MetadataOrder order, int call) throws IOException {
        SimulatedDisk disk = SimulatedDisk.create(seed, order);
        Broker broker = open(disk);
        broker.createTopic("orders", BEFORE, Map.of(TopicConfig.SEGMENT_BYTES, SMALL, TopicConfig.DURABILITY, "power"));
        append(broker, 0);
        broker.partition("orders", 0).log().force();
        long end = broker.partition("orders", 0).acknowledgedOffset();
        assertTrue(end > 0);
        disk.crashAtCall(disk.calls() + call);
        try {
            broker.addPartitions("orders", AFTER);
        } catch (CrashedException e) {
            return new Try(disk, false, end);
        }
        return new Try(disk, true, end);
    }

    private void recoversWithTheOldCountOrTheNew(Try tried, CrashMode mode, String where) throws IOException {
        SimulatedDisk disk = tried.disk.crash(mode);
        try (Broker broker = open(disk)) {
            Topic topic = broker.topic("orders");
            int count = topic.partitionCount();
            assertTrue(count == AFTER || count == BEFORE && !tried.finished, where + " partitions=" + count);
            assertEquals(topic.partitions().size(), count, where);
            assertEquals(tried.end, topic.partition(0).readableOffset(), where);
            for (int index = 1; index < count; index++) {
                assertEquals(0, topic.partition(index).readableOffset(), where);
            }
            // What stands in the way of a second try is worth nothing, and goes.
            Topic grown = broker.addPartitions("orders", AFTER + 1);
            assertEquals(AFTER + 1, grown.partitionCount(), where);
            append(broker, AFTER);
        }
        try (Broker broker = open(disk)) {
            Topic topic = broker.topic("orders");
            assertEquals(AFTER + 1, topic.partitions().size(), where);
            assertTrue(topic.partition(AFTER).readableOffset() > 0, where);
            assertEquals(tried.end, topic.partition(0).readableOffset(), where);
        }
    }

    private void sweep(MetadataOrder order) throws IOException {
        boolean finished = false;
        int call = 0;
        while (!finished) {
            Try tried = growWithACrash(call, order, call);
            finished = tried.finished;
            for (CrashMode mode : CrashMode.values()) {
                recoversWithTheOldCountOrTheNew(tried, mode, order + " " + mode + " call " + call);
            }
            call++;
        }
        assertTrue(call > AFTER - BEFORE, "calls " + call);
    }

    @Test
    void aCrashInAnyCallLeavesTheOldCountOrTheNew() throws IOException {
        for (MetadataOrder order : MetadataOrder.values()) {
            sweep(order);
        }
    }
}
