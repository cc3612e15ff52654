package io.semel.benchmarks.workload.aeron;

import java.time.Duration;

import io.aeron.Subscription;
import io.semel.benchmarks.workload.Lane;
import io.semel.benchmarks.workload.Payload;

/** Counts what a replay shows. Thread rule: one thread. */
final class ReplayCount implements Lane.Sink {
    /** Without a record for this long, a replay is over, whatever it lacks. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private long count;
    private long sum;

    private ReplayCount() {
    }

    static ReplayCount replay(RecordedStream stream, long expected) {
        ReplayCount seen = new ReplayCount();
        try (Subscription subscription = stream.replay()) {
            IpcReader reader = new IpcReader(subscription);
            long lastNs = System.nanoTime();
            while (seen.count < expected) {
                if (reader.read(seen) > 0) {
                    lastNs = System.nanoTime();
                } else if (System.nanoTime() - lastNs > PATIENCE.toNanos()) {
                    break;
                } else {
                    // The archive and the driver may need this core.
                    Thread.yield();
                }
            }
        }
        return seen;
    }

    static void everyRecordOnce(RecordedStream stream, long records) {
        replay(stream, records).verify(records);
    }

    void verify(long records) {
        Payload.require("records replayed", records, count);
        Payload.require("sum of record numbers", Payload.sumOf(records), sum);
    }

    @Override
    public void onRecord(long number, long intendedNs) {
        count++;
        sum += number;
    }
}
