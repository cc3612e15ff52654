package io.semel.benchmarks.workload.semel;

import java.nio.file.Path;
import java.util.Map;

import org.HdrHistogram.Histogram;
import org.apache.kafka.common.TopicPartition;

import io.semel.benchmarks.workload.Latencies;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.client.TransactionalAppender.Target;

/** The smallest transaction there is: begin, one record, the offset that it was made from, commit. */
public final class SemelTransactions implements Workload {
    static final String INPUT = "input";
    static final String OUTPUT = "output";
    static final String GROUP = "bench";

    /** Each transaction leaves its record and its marker. */
    private static final int OFFSETS_A_TRANSACTION = 2;

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        Histogram latencies = Latencies.histogram();
        try (Semel semel = open(directory)) {
            try (TransactionalAppender appender = semel.openTransactionalAppender("bench")) {
                Target target = appender.target(OUTPUT, 0);
                byte[] payload = Payload.create(Payload.SMALL);
                stopwatch.start();
                long beforeNs = System.nanoTime();
                for (long number = 0; number < operations; number++) {
                    transact(appender, target, payload, number);
                    long nowNs = System.nanoTime();
                    Latencies.note(latencies, nowNs - beforeNs);
                    beforeNs = nowNs;
                }
                stopwatch.stop();
            }
            verify(semel, operations);
        }
        return Latencies.figures(latencies);
    }

    /** Shared with the JMH benchmarks. */
    public static Semel open(Path directory) throws Exception {
        Semel semel = Semel.open(directory);
        semel.admin().createTopic(INPUT, 1);
        semel.admin().createTopic(OUTPUT, 1);
        return semel;
    }

    /** Shared with the JMH benchmarks. */
    public static Target target(TransactionalAppender appender) {
        return appender.target(OUTPUT, 0);
    }

    /** Shared with the JMH benchmarks. */
    public static void transact(TransactionalAppender appender, Target target, byte[] payload, long number) {
        Payload.number(payload, number);
        appender.begin();
        appender.append(target, null, payload);
        appender.commitOffset(GROUP, INPUT, 0, number + 1);
        appender.commit();
    }

    static void verify(Semel semel, long operations) {
        Payload.require("stable offset", operations * OFFSETS_A_TRANSACTION, semel.admin().describeTopic(OUTPUT)
                .partitions().get(0).stable());
        Payload.require("committed offset", operations, semel.admin().groupOffsets(GROUP).get(new TopicPartition(
                INPUT, 0)).offset());
    }
}
