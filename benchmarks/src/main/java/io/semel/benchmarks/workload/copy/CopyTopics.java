package io.semel.benchmarks.workload.copy;

import java.nio.file.Path;

import org.apache.kafka.common.TopicPartition;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.semel.SemelAppend;
import io.semel.benchmarks.workload.semel.SemelCheck;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** A directory with an input topic that is full and an output topic that is empty, of one partition each. */
public final class CopyTopics {
    static final String INPUT = "input";
    static final String OUTPUT = "output";
    static final String GROUP = "bench";

    private CopyTopics() {
    }

    /** Shared with the JMH benchmarks. */
    public static Semel open(Path directory, long records) throws Exception {
        Semel semel = Semel.open(directory);
        semel.admin().createTopic(INPUT, 1);
        semel.admin().createTopic(OUTPUT, 1);
        try (Appender appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, INPUT, 0)) {
            SemelAppend.appendBatched(appender, Payload.create(Payload.SMALL), 0, records);
        }
        return semel;
    }

    /** Every record was copied once, and the group is past all of them. */
    static void verify(Semel semel, long records) {
        SemelCheck.committedOnce(semel, OUTPUT, records);
        Payload.require("committed offset", records, semel.admin().groupOffsets(GROUP).get(new TopicPartition(INPUT,
                0)).offset());
    }
}
