package io.semel.verify.scenarios.worker;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

import io.semel.client.admin.OffsetAdmin.OffsetQuery;

/**
 * A producer opens a transaction and hangs: committed readers wait behind its first record until its timeout ends it,
 * and no longer; what it then tries is refused (T8). Thread rule: the director's.
 */
final class HungProducers {
    private static final String NAME = "producer-hung";

    /** Short, so that a run of seconds sees several. */
    private static final int TIMEOUT_MS = 700;

    private static final int COPIES_BETWEEN = 40;

    private final Stage stage;

    HungProducers(Stage stage) {
        this.stage = stage;
    }

    void play() {
        while (stage.awaitCopies(COPIES_BETWEEN)) {
            Player hung = stage.cast().enterProducer(NAME, TIMEOUT_MS);
            Stall stall = Stall.of(stage, hung);
            if (!stall.begins()) {
                stage.leave(hung);
                return;
            }
            Map<TopicPartition, Long> ends = offsets(OffsetQuery.LATEST);
            stage.must("the last stable offset passes what " + NAME + " left open, and gets to " + ends, () -> {
                Map<TopicPartition, Long> stable = offsets(OffsetQuery.STABLE);
                return ends.keySet().stream().allMatch(partition -> stable.get(partition) >= ends.get(partition));
            });
            stall.endsRefused();
        }
    }

    private Map<TopicPartition, Long> offsets(OffsetQuery kind) {
        Map<TopicPartition, OffsetQuery> queries = new HashMap<>();
        for (int partition = 0; partition < Setting.PARTITIONS; partition++) {
            queries.put(new TopicPartition(Setting.INPUT, partition), kind);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        stage.semel().admin().listOffsets(queries).forEach((partition, found) -> offsets.put(partition, found
                .offset()));
        return offsets;
    }
}
