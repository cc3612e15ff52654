package io.semel.server.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;

import io.semel.client.Pipeline;
import io.semel.client.PipelineStats;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.client.SemelAdmin;
import io.semel.server.child.ChildJvm;
import io.semel.server.child.ReportLine;

/**
 * The process that is killed: one process owns the directory, so feeder and pipeline live in it together.
 *
 * <p>Thread rule: the feeder has a thread, the pipeline has its own, the main thread reports.
 */
public final class DemoWorker {
    private static final long REPORT_INTERVAL_MS = 10;

    /** The pipeline may catch up with the feeder, but not the feeder outrun a slower pipeline. */
    private static final double PIPELINE_HEADROOM = 1.5;

    private final Semel semel;
    private final WorkerOptions options;
    private final Feeder feeder;
    private final Pace pace;
    private volatile Throwable failure;

    private DemoWorker(Semel semel, WorkerOptions options) {
        this.semel = semel;
        this.options = options;
        this.feeder = Feeder.resume(semel, options);
        this.pace = Pace.of(options.linesPerSecond() * PIPELINE_HEADROOM);
    }

    /**
     * What a worker reports.
     *
     * <pre>
     *   READY     transactions finished, branches aborted, by recovery
     *   PROGRESS  lines fed in all; by this worker: lines counted, words out, commits
     *   DONE      as PROGRESS
     * </pre>
     */
    enum Kind {
        READY, PROGRESS, DONE
    }

    public static void main(String[] arguments) throws Exception {
        ChildJvm.dieWithParent();
        WorkerOptions options = WorkerOptions.of(arguments);
        long[] counts;
        try (Semel semel = Semel.open(options.directory())) {
            ReportLine.of(Kind.READY, semel.recovery().decidedTransactions(), semel.recovery().abortedBranches()).say();
            counts = new DemoWorker(semel, options).run();
        }
        ReportLine.of(Kind.DONE, counts).say();
    }

    private long[] run() throws Exception {
        Thread feeding = new Thread(this::feed, "demo-feeder");
        feeding.setDaemon(true);
        feeding.start();
        Pipeline pipeline = semel.pipeline(DemoTopics.PIPELINE)
                .from(DemoTopics.LINES, Serdes.String(), Serdes.String())
                .process(this::count)
                .to(DemoTopics.COUNTS, Serdes.String(), Serdes.Long())
                .semantics(options.semantics())
                .maxRecordsPerCommit(options.linesPerTransaction())
                .start();
        try (pipeline) {
            while (!isFinished(feeding)) {
                Thread.sleep(REPORT_INTERVAL_MS);
                ReportLine.of(Kind.PROGRESS, counts(pipeline.stats())).say();
                requireHealthy(pipeline);
            }
        }
        return counts(pipeline.stats());
    }

    private void feed() {
        try {
            feeder.run();
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void count(ConsumerRecord<String, String> line, Pipeline.Output<String, Long> out) {
        pace.step();
        int nth = 0;
        for (String word : Words.of(line.value())) {
            out.send(word, 1L, new RecordHeaders()
                    .add(DemoTopics.LINE_HEADER, line.key().getBytes(StandardCharsets.UTF_8))
                    .add(DemoTopics.NTH_HEADER, Integer.toString(nth++).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private long[] counts(PipelineStats stats) {
        return new long[] {feeder.committedLines(), stats.recordsIn(), stats.recordsOut(),
            feeder.commits() + stats.commits()};
    }

    private void requireHealthy(Pipeline pipeline) {
        Throwable broken = Optional.ofNullable(failure).or(pipeline::failure).orElse(null);
        if (broken != null) {
            throw new IllegalStateException("the worker can't go on", broken);
        }
    }

    private boolean isFinished(Thread feeding) {
        return options.ending() == WorkerOptions.Ending.END_WHEN_COUNTED && !feeding.isAlive() && failure == null
                && isCounted(semel, options);
    }

    /** Whether the pipeline's offsets leave no line behind them; end offsets don't tell, markers stand there too. */
    private static boolean isCounted(Semel semel, WorkerOptions options) {
        Map<TopicPartition, OffsetAndMetadata> committed = semel.admin().groupOffsets(DemoTopics.PIPELINE);
        List<SemelAdmin.PartitionDescription> partitions = semel.admin().describeTopic(DemoTopics.LINES).partitions();
        for (SemelAdmin.PartitionDescription partition : partitions) {
            OffsetAndMetadata reached = committed.get(new TopicPartition(DemoTopics.LINES, partition.partition()));
            long offset = reached == null ? partition.start() : reached.offset();
            try (Reader reader = semel.openReader(options.semantics(), DemoTopics.LINES, partition.partition(),
                    offset)) {
                if (reader.poll(record -> {
                }, 1) > 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
