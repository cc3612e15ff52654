package io.semel.benchmarks.workload.semel;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import io.semel.benchmarks.workload.Batching;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.log.batch.RecordCursor;

import com.sun.management.ThreadMXBean;

/**
 * Bytes that the calling thread allocates while it appends or reads, by the JDK's own counter, round by round: the JVM
 * itself allocates a little on that thread now and then, when it drops compiled code, and a new segment is an object
 * too.
 */
public final class Allocation implements Workload {
    private static final int ROUNDS = 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Route route;
    private long count;

    /** What is counted. */
    public enum Route {
        APPEND_BATCHED, APPEND_SINGLE, READ
    }

    public Allocation(Route route) {
        this.route = route;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        long[] allocatedBytes = new long[ROUNDS];
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic(SemelAppend.TOPIC, 1);
            try (Appender appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, SemelAppend.TOPIC, 0);
                    Reader reader = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, SemelAppend.TOPIC, 0, 0)) {
                count = 0;
                stopwatch.start();
                for (int round = 0; round < ROUNDS; round++) {
                    allocatedBytes[round] = round(appender, reader, operations * round / ROUNDS,
                            operations * (round + 1) / ROUNDS);
                }
                stopwatch.stop();
            }
            SemelCheck.everyRecordOnce(semel, operations);
        }
        if (route == Route.READ) {
            Payload.require("records read", operations, count);
        }
        Arrays.sort(allocatedBytes);
        return Map.of("allocatedBytes", allocatedBytes[0], "allocatedBytesMedian", allocatedBytes[ROUNDS / 2],
                "recordsARound", operations / ROUNDS);
    }

    private long round(Appender appender, Reader reader, long first, long end) {
        byte[] payload = Payload.create(Payload.SMALL);
        Batching batching = route == Route.APPEND_SINGLE ? Batching.NONE : Batching.BY_SIZE;
        Reader.RecordHandler handler = this::onRecord;
        long startBytes = THREADS.getCurrentThreadAllocatedBytes();
        SemelAppend.append(appender, batching, payload, first, end);
        appender.awaitAcknowledged();
        long appendedBytes = THREADS.getCurrentThreadAllocatedBytes();
        if (route != Route.READ) {
            return appendedBytes - startBytes;
        }
        while (count < end) {
            reader.poll(handler, 1);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - appendedBytes;
    }

    private void onRecord(RecordCursor record) {
        count++;
    }
}
