package io.semel.benchmarks.workload.aeron;

import java.nio.file.Path;
import java.util.Map;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;

/** One thread publishes, until Aeron's Archive has recorded everything. */
public final class ArchiveAppend implements Workload {
    private final int payloadBytes;

    public ArchiveAppend(int payloadBytes) {
        this.payloadBytes = payloadBytes;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) {
        try (RecordedStream stream = RecordedStream.open(directory)) {
            stopwatch.start();
            write(stream.writer(), payloadBytes, operations);
            stream.awaitRecorded();
            stopwatch.stop();
            ReplayCount.everyRecordOnce(stream, operations);
        }
        return NO_FIGURES;
    }

    static void write(IpcWriter writer, int payloadBytes, long operations) {
        byte[] payload = Payload.create(payloadBytes);
        for (long first = 0; first < operations; first += CHUNK) {
            writeChunk(writer, payload, first, Math.min(operations, first + CHUNK));
        }
    }

    private static void writeChunk(IpcWriter writer, byte[] payload, long first, long end) {
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            writer.write(payload);
        }
    }
}
