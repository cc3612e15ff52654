package io.semel.benchmarks.workload.aeron;

import java.nio.file.Path;
import java.util.Map;

import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;

/** Replays what Aeron's Archive has recorded, once: the clock runs from the request to the last record. */
public final class ArchiveReplay implements Workload {
    private final int payloadBytes;

    public ArchiveReplay(int payloadBytes) {
        this.payloadBytes = payloadBytes;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) {
        try (RecordedStream stream = RecordedStream.open(directory)) {
            ArchiveAppend.write(stream.writer(), payloadBytes, operations);
            stream.awaitRecorded();
            stopwatch.start();
            ReplayCount replay = ReplayCount.replay(stream, operations);
            stopwatch.stop();
            replay.verify(operations);
        }
        return NO_FIGURES;
    }
}
