package io.semel.benchmarks.workload.semel;

import java.nio.file.Path;
import java.util.Map;

import io.semel.benchmarks.workload.Batching;
import io.semel.benchmarks.workload.MappedPages.Blocks;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** One thread appends to one partition through the Appender, until all of it survives a kill of the process. */
public final class SemelAppend implements Workload {
    public static final String TOPIC = BurstTopic.NAME;

    private final int payloadBytes;
    private final DeliverySemantics semantics;
    private final Batching batching;
    private final Blocks blocks;

    public SemelAppend(int payloadBytes, Batching batching, Blocks blocks) {
        this(DeliverySemantics.AT_MOST_ONCE, payloadBytes, batching, blocks);
    }

    /** @param semantics the first two; for the third see {@link TransactionalAppend} */
    public SemelAppend(DeliverySemantics semantics, int payloadBytes, Batching batching, Blocks blocks) {
        this.semantics = semantics;
        this.payloadBytes = payloadBytes;
        this.batching = batching;
        this.blocks = blocks;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        try (Semel semel = Semel.open(directory)) {
            BurstTopic.create(semel, directory, blocks, operations, payloadBytes);
            try (Appender appender = semel.openAppender(semantics, TOPIC, 0)) {
                byte[] payload = Payload.create(payloadBytes);
                stopwatch.start();
                for (long first = 0; first < operations; first += CHUNK) {
                    append(appender, batching, payload, first, Math.min(operations, first + CHUNK));
                }
                appender.awaitAcknowledged();
                stopwatch.stop();
            }
            SemelCheck.everyRecordOnce(semel, operations);
        }
        return NO_FIGURES;
    }

    static void append(Appender appender, Batching batching, byte[] payload, long first, long end) {
        switch (batching) {
            case BY_SIZE -> appendBatched(appender, payload, first, end);
            case NONE -> appendOneByOne(appender, payload, first, end);
        }
    }

    /** Shared with the JMH benchmarks. */
    public static void appendBatched(Appender appender, byte[] payload, long first, long end) {
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            appender.append(null, payload);
        }
    }

    /** Shared with the JMH benchmarks. */
    public static void appendOneByOne(Appender appender, byte[] payload, long first, long end) {
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            appender.append(null, payload);
            appender.flush();
        }
    }
}
