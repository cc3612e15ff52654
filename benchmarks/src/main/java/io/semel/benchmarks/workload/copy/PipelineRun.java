package io.semel.benchmarks.workload.copy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.apache.kafka.common.serialization.Serdes;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.DeliverySemantics;
import io.semel.client.Pipeline;
import io.semel.client.Semel;

/** The same by a Pipeline, from its start until it has caught up. */
public final class PipelineRun implements Workload {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final DeliverySemantics semantics;
    private final int recordsACommit;

    public PipelineRun(DeliverySemantics semantics, int recordsACommit) {
        this.semantics = semantics;
        this.recordsACommit = recordsACommit;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        long commits;
        try (Semel semel = CopyTopics.open(directory, operations)) {
            stopwatch.start();
            try (Pipeline pipeline = start(semel)) {
                Payload.require("pipelines in time, of one", 1, pipeline.awaitCaughtUp(PATIENCE) ? 1 : 0);
                stopwatch.stop();
                commits = pipeline.stats().commits();
                Payload.require("times that a batch was taken again", 0, pipeline.stats().restarts());
            }
            CopyTopics.verify(semel, operations);
        }
        return Map.of("commits", commits);
    }

    private Pipeline start(Semel semel) {
        Pipeline.Processor<byte[], byte[], byte[], byte[]> processor = (record, out) -> out.send(record.key(),
                KafkaCopy.transformed(record.value()));
        return semel.pipeline(CopyTopics.GROUP).from(CopyTopics.INPUT, Serdes.ByteArray(), Serdes.ByteArray())
                .process(processor)
                .to(CopyTopics.OUTPUT, Serdes.ByteArray(), Serdes.ByteArray()).semantics(semantics)
                .maxRecordsPerCommit(recordsACommit).start();
    }
}
