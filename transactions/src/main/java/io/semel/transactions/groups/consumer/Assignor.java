package io.semel.transactions.groups.consumer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who gets which partitions: the coordinator's ways of sharing, by Kafka's names. */
enum Assignor {
    /** Everybody gets as many partitions as the others, and keeps what it had as far as that goes. */
    UNIFORM("uniform") {
        @Override
        Map<String, Set<TopicIdPartition>> assign(List<Subscriber> subscribers,
                Map<String, Set<TopicIdPartition>> before) {
            return new UniformAssignment(subscribers).assign(before);
        }
    },
    /** Of each topic everybody gets a range, so that partitions of one number in several topics go together. */
    RANGE("range") {
        @Override
        Map<String, Set<TopicIdPartition>> assign(List<Subscriber> subscribers,
                Map<String, Set<TopicIdPartition>> before) {
            return RangeAssignment.assign(subscribers);
        }
    };

    private final String kafkaName;

    /**
     * A member as an assignor sees it.
     *
     * @param order  what members are ordered by: a static one keeps its place when its id changes
     * @param topics what it is subscribed to, of what there is
     */
    record Subscriber(String memberId, String order, Set<TopicCatalogue.Entry> topics) {
    }

    Assignor(String kafkaName) {
        this.kafkaName = kafkaName;
    }

    String kafkaName() {
        return kafkaName;
    }

    static Optional<Assignor> of(String kafkaName) {
        return Arrays.stream(values()).filter(each -> each.kafkaName.equals(kafkaName)).findFirst();
    }

    /** @return of every subscriber; every partition of a topic that somebody wants has one */
    abstract Map<String, Set<TopicIdPartition>> assign(List<Subscriber> subscribers,
            Map<String, Set<TopicIdPartition>> before);
}
