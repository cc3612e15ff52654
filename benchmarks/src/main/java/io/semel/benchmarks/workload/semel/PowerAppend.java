package io.semel.benchmarks.workload.semel;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.HdrHistogram.Histogram;

import io.semel.benchmarks.workload.Latencies;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.Durability;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.LogReader;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.FileDisk;

/**
 * Some producers append to one log of durability POWER, each waiting until its record is on the medium before it
 * appends the next one. One of them forces for all who wait.
 */
public final class PowerAppend implements Workload {
    private static final long TIMESTAMP_MS = 1_700_000_000_000L;

    private final int producers;

    public PowerAppend(int producers) {
        this.producers = producers;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        LogConfig config = LogConfig.DEFAULT.withDurability(Durability.POWER);
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        try (Log log = Log.open(FileDisk.instance(), directory, config, (batch, position) -> {
            // There is no state.
        })) {
            LogWork work = LogWork.start(log::doWork, log::flush);
            try {
                return measure(threads, log, operations, stopwatch);
            } finally {
                work.stop();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Map<String, Long> measure(ExecutorService threads, Log log, long operations, Stopwatch stopwatch)
            throws Exception {
        Histogram latencies = Latencies.histogram();
        appendOne(log, new Claim(), batch());
        stopwatch.start();
        for (Histogram each : appendAll(threads, log, operations)) {
            latencies.add(each);
        }
        stopwatch.stop();
        verify(log, operations + 1);
        return Latencies.figures(latencies);
    }

    private List<Histogram> appendAll(ExecutorService threads, Log log, long operations) throws Exception {
        List<Future<Histogram>> running = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            long count = operations * (i + 1) / producers - operations * i / producers;
            running.add(threads.submit(() -> produce(log, count)));
        }
        List<Histogram> all = new ArrayList<>();
        for (Future<Histogram> each : running) {
            all.add(each.get());
        }
        return all;
    }

    private static Histogram produce(Log log, long count) {
        Histogram latencies = Latencies.histogram();
        Claim claim = new Claim();
        ByteBuffer batch = batch();
        for (long number = 0; number < count; number++) {
            long startNs = System.nanoTime();
            appendOne(log, claim, batch);
            Latencies.note(latencies, System.nanoTime() - startNs);
        }
        return latencies;
    }

    private static void appendOne(Log log, Claim claim, ByteBuffer batch) {
        long code = log.append(claim, batch);
        while (code == Append.BACK_PRESSURED) {
            Thread.yield();
            code = log.append(claim, batch);
        }
        if (code < 0) {
            throw new IllegalStateException(Append.describe(code) + ": " + log);
        }
        long ticket = code + 1;
        // Whoever holds the baton may not have passed this batch yet; then the force was for those before it.
        while (log.acknowledgedOffset() < ticket) {
            if (!log.tryForce()) {
                requireOnline(log);
                Thread.yield();
            }
        }
    }

    private static void requireOnline(Log log) {
        if (log.failure() != null) {
            throw new IllegalStateException("the log is offline: " + log, log.failure());
        }
    }

    private static ByteBuffer batch() {
        int batchBytes = RecordBatchWriter.sizeOf(-1, Payload.SMALL);
        RecordBatchWriter writer = new RecordBatchWriter(batchBytes, batchBytes);
        writer.begin(TIMESTAMP_MS).tryAppend(TIMESTAMP_MS, null, Payload.create(Payload.SMALL));
        return writer.finish();
    }

    private static void verify(Log log, long records) {
        Payload.require("acknowledged offset", records, log.acknowledgedOffset());
        long count = 0;
        try (LogReader reader = log.openReader()) {
            long bound = log.readablePosition();
            while (reader.next(bound)) {
                Payload.require("batches whose CRC is good, of one", 1, reader.batch().isCrcValid() ? 1 : 0);
                count += reader.batch().recordCount();
            }
        }
        Payload.require("records", records, count);
    }
}
