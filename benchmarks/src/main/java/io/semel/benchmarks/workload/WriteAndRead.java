package io.semel.benchmarks.workload;

import java.nio.file.Path;
import java.util.Map;

/** One thread writes as quickly as it can, another one reads what it writes; the clock stops when all was read. */
public final class WriteAndRead implements Workload {
    private final int payloadBytes;
    private final Lane.Opener opener;

    public WriteAndRead(int payloadBytes, Lane.Opener opener) {
        this.payloadBytes = payloadBytes;
        this.opener = opener;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        byte[] payload = Payload.create(payloadBytes);
        try (Lane lane = opener.open(directory)) {
            return new LaneRun(lane, operations, (target, first, end) -> write(target, payload, first, end))
                    .run(ReadingThread.Timing.NONE, stopwatch);
        }
    }

    private static void write(Lane lane, byte[] payload, long first, long end) {
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            lane.write(payload);
        }
    }
}
