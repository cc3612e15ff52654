package io.semel.benchmarks.workload;

import java.nio.file.Path;
import java.util.Map;

import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** One thread appends to one partition through the Appender, until all of it survives a kill of the process. */
public final class SemelAppend implements Workload {
    public static final String TOPIC = "bench";

    /** Loops are compiled per chunk, as in a program that appends as its data comes. */
    static final int CHUNK = 1_000;

    private final Batching batching;

    public SemelAppend(Batching batching) {
        this.batching = batching;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic(TOPIC, 1);
            try (Appender appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, TOPIC, 0)) {
                byte[] payload = Payload.create();
                stopwatch.start();
                for (long first = 0; first < operations; first += CHUNK) {
                    append(appender, payload, first, Math.min(operations, first + CHUNK));
                }
                appender.awaitAcknowledged();
                stopwatch.stop();
            }
            Payload.require("records", operations, semel.admin().describeTopic(TOPIC).partitions().get(0).end());
        }
        return NO_FIGURES;
    }

    private void append(Appender appender, byte[] payload, long first, long end) {
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
