package io.semel.benchmarks.workload.semel;

import java.nio.file.Path;
import java.util.Map;

import io.semel.benchmarks.workload.MappedPages.Blocks;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.client.TransactionalAppender.Target;

/** As {@link SemelAppend}, through the TransactionalAppender: {@value #RECORDS} records a transaction. */
public final class TransactionalAppend implements Workload {
    public static final int RECORDS = 1_000;

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        try (Semel semel = Semel.open(directory)) {
            BurstTopic.create(semel, directory, Blocks.READY, operations, Payload.SMALL);
            try (TransactionalAppender appender = semel.openTransactionalAppender("bench")) {
                Target target = appender.target(SemelAppend.TOPIC, 0);
                byte[] payload = Payload.create(Payload.SMALL);
                stopwatch.start();
                for (long first = 0; first < operations; first += RECORDS) {
                    transact(appender, target, payload, first, Math.min(operations, first + RECORDS));
                }
                stopwatch.stop();
            }
            SemelCheck.committedOnce(semel, SemelAppend.TOPIC, operations);
        }
        return NO_FIGURES;
    }

    /** Shared with the JMH benchmarks. */
    public static void transact(TransactionalAppender appender, Target target, byte[] payload, long first, long end) {
        appender.begin();
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            appender.append(target, null, payload);
        }
        appender.commit();
    }
}
