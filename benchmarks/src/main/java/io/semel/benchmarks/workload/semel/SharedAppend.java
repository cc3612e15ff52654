package io.semel.benchmarks.workload.semel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.semel.benchmarks.workload.Batching;
import io.semel.benchmarks.workload.MappedPages.Blocks;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** Some threads append to one partition, each through an Appender and a range of record numbers of its own. */
public final class SharedAppend implements Workload {
    private final int producers;
    private final Batching batching;

    public SharedAppend(int producers, Batching batching) {
        this.producers = producers;
        this.batching = batching;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        try (Semel semel = Semel.open(directory)) {
            BurstTopic.create(semel, directory, Blocks.READY, operations, Payload.SMALL);
            CountDownLatch ready = new CountDownLatch(producers);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                long first = operations * i / producers;
                long end = operations * (i + 1) / producers;
                running.add(threads.submit(() -> produce(semel, ready, go, first, end)));
            }
            ready.await();
            stopwatch.start();
            go.countDown();
            awaitAll(running);
            stopwatch.stop();
            SemelCheck.everyRecordOnce(semel, operations);
        } finally {
            threads.shutdownNow();
        }
        return NO_FIGURES;
    }

    private Void produce(Semel semel, CountDownLatch ready, CountDownLatch go, long first, long end)
            throws InterruptedException {
        byte[] payload = Payload.create(Payload.SMALL);
        try (Appender appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, SemelAppend.TOPIC, 0)) {
            ready.countDown();
            go.await();
            for (long chunk = first; chunk < end; chunk += CHUNK) {
                SemelAppend.append(appender, batching, payload, chunk, Math.min(end, chunk + CHUNK));
            }
            appender.awaitAcknowledged();
        } finally {
            ready.countDown();
        }
        return null;
    }

    private static void awaitAll(List<Future<?>> running) throws ExecutionException, InterruptedException {
        for (Future<?> each : running) {
            each.get();
        }
    }
}
