package io.semel.benchmarks.workload.semel;

import io.semel.benchmarks.workload.Payload;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.log.batch.RecordCursor;

/** Reads a whole partition back, outside of the clock, and holds it to what was appended. Thread rule: one thread. */
public final class SemelCheck {
    private static final int BATCHES_A_POLL = 16;

    private long count;
    private long sum;

    private SemelCheck() {
    }

    /**
     * The first partition holds the records numbered 0 to before {@code records}, in whatever order, and nothing else.
     */
    static void everyRecordOnce(Semel semel, long records) {
        Payload.require("end offset", records, semel.admin().describeTopic(SemelAppend.TOPIC).partitions().get(0)
                .end());
        read(semel, SemelAppend.TOPIC, DeliverySemantics.AT_LEAST_ONCE).require(records);
    }

    /**
     * A committed reader of the first partition is shown the records numbered 0 to before {@code records}, and no
     * others.
     */
    public static void committedOnce(Semel semel, String topic, long records) {
        read(semel, topic, DeliverySemantics.EXACTLY_ONCE).require(records);
    }

    private static SemelCheck read(Semel semel, String topic, DeliverySemantics semantics) {
        SemelCheck check = new SemelCheck();
        Reader.RecordHandler handler = check::onRecord;
        try (Reader reader = semel.openReader(semantics, topic, 0, 0)) {
            // A poll that only passes over markers shows nothing and is not the end.
            long before = -1;
            while (reader.poll(handler, BATCHES_A_POLL) > 0 || reader.nextOffset() > before) {
                before = reader.nextOffset();
            }
        }
        return check;
    }

    private void onRecord(RecordCursor record) {
        count++;
        sum += record.buffer().getLong(record.valuePosition());
    }

    private void require(long records) {
        Payload.require("records", records, count);
        Payload.require("sum of record numbers", Payload.sumOf(records), sum);
    }
}
