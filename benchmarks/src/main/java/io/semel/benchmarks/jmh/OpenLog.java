package io.semel.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.semel.benchmarks.workload.Payload;
import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.LogReader;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.FileDisk;

/** A log alone, without the layers above it, in a fresh directory per iteration; a thread does its background work. */
@State(Scope.Thread)
public class OpenLog {
    /** Batches an invocation: JMH's own loop then costs nothing beside them. */
    static final int BATCHES = 1_000;

    private static final long TIMESTAMP_MS = 1_700_000_000_000L;

    private final Claim claim = new Claim();
    private final AtomicBoolean closing = new AtomicBoolean();
    private ScratchDirectory directory;
    private Log log;
    private LogReader reader;
    private Thread conductor;
    private ByteBuffer batch;
    private int batchPosition;

    @Setup(Level.Iteration)
    public void open() throws Exception {
        directory = ScratchDirectory.create();
        log = Log.open(FileDisk.instance(), directory.path(), LogConfig.DEFAULT, (applied, position) -> {
            // There is no state.
        });
        int batchBytes = RecordBatchWriter.sizeOf(-1, Payload.SMALL);
        RecordBatchWriter writer = new RecordBatchWriter(batchBytes, batchBytes);
        writer.begin(TIMESTAMP_MS).tryAppend(TIMESTAMP_MS, null, Payload.create(Payload.SMALL));
        batch = writer.finish();
        batchPosition = batch.position();
        closing.set(false);
        conductor = new Thread(this::conduct, "conductor");
        conductor.start();
        appendAll();
        reader = log.openReader();
    }

    private void conduct() {
        while (!closing.get()) {
            if (log.doWork() == 0) {
                Thread.yield();
            }
        }
    }

    /** Claim, fill, publish; returns the offset after the last record. */
    long appendAll() {
        for (int i = 0; i < BATCHES; i++) {
            long code = log.tryClaim(claim, 1, batch.remaining());
            while (code == Append.BACK_PRESSURED) {
                Thread.onSpinWait();
                code = log.tryClaim(claim, 1, batch.remaining());
            }
            if (code < 0) {
                throw new IllegalStateException(Append.describe(code) + ": " + log);
            }
            log.fillAndPublish(claim, batch, batchPosition);
        }
        return claim.endOffset();
    }

    /** The batches that were appended first, without a look at their content. */
    long readAll() {
        reader.seek(0);
        long bound = log.frontierPosition();
        long bytes = 0;
        for (int i = 0; i < BATCHES && reader.next(bound); i++) {
            bytes += reader.batch().sizeInBytes();
        }
        return bytes;
    }

    @TearDown(Level.Iteration)
    public void close() throws Exception {
        Payload.require("offset after what was appended", log.claimedOffset(), log.frontierOffset());
        closing.set(true);
        conductor.join();
        reader.close();
        log.close();
        directory.close();
    }
}
