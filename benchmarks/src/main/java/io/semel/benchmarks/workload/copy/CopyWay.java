package io.semel.benchmarks.workload.copy;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** Semantics and interface of a {@link CopyLoop}. */
public enum CopyWay {
    AT_MOST_ONCE, AT_LEAST_ONCE, EXACTLY_ONCE,
    /** Exactly once, not through Kafka's interfaces. */
    EXACTLY_ONCE_SHORT;

    CopyLoop open(Semel semel, int recordsACommit) {
        return switch (this) {
            case AT_MOST_ONCE -> KafkaCopy.open(semel, DeliverySemantics.AT_MOST_ONCE, recordsACommit);
            case AT_LEAST_ONCE -> KafkaCopy.open(semel, DeliverySemantics.AT_LEAST_ONCE, recordsACommit);
            case EXACTLY_ONCE -> KafkaCopy.open(semel, DeliverySemantics.EXACTLY_ONCE, recordsACommit);
            case EXACTLY_ONCE_SHORT -> AppenderCopy.open(semel, recordsACommit);
        };
    }
}
