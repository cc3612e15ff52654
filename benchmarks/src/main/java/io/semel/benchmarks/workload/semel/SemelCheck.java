package io.semel.benchmarks.workload.semel;

import io.semel.benchmarks.workload.Payload;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.log.batch.RecordCursor;

/** Reads a whole partition back, outside of the clock, and holds it to what was appended. Thread rule: one thread. */
final class SemelCheck {
    private static final int BATCHES_A_POLL = 16;

    private long count;
    private long sum;

    private SemelCheck() {
    }

    /** The first partition holds the records numbered 0 to before {@code records}, in whatever order, and nothing else. */
    static void everyRecordOnce(Semel semel, long records) {
        Payload.require("end offset", records, semel.admin().describeTopic(SemelAppend.TOPIC).partitions().get(0)
                .end());
        SemelCheck check = new SemelCheck();
        Reader.RecordHandler handler = check::onRecord;
        try (Reader reader = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, SemelAppend.TOPIC, 0, 0)) {
            while (reader.poll(handler, BATCHES_A_POLL) > 0) {
                // The handler counts.
            }
        }
        Payload.require("records", records, check.count);
        Payload.require("sum of record numbers", Payload.sumOf(records), check.sum);
    }

    private void onRecord(RecordCursor record) {
        count++;
        sum += record.buffer().getLong(record.valuePosition());
    }
}
