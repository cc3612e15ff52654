package io.semel.verify.rdkafka;

import java.util.List;

/**
 * What a run found.
 *
 * @param differences a few at most: the run ends after some
 */
public record RdkafkaResult(List<TopicCounts> topics, List<String> differences, long elapsedMs) {
    public RdkafkaResult {
        topics = List.copyOf(topics);
        differences = List.copyOf(differences);
    }

    /**
     * What was read of one topic.
     *
     * @param fillers  in its segments
     * @param readings that librdkafka did, of any part of it
     * @param records  in all these readings, each compared
     * @param skipped  fillers in all these readings, none of them shown
     */
    public record TopicCounts(String topic, long segments, long batches, long fillers, long readings, long records,
            long skipped) {
        TopicCounts with(Reading done) {
            return new TopicCounts(topic, segments, batches, fillers, readings + 1,
                    records + done.expected().records().size(), skipped + done.fillers());
        }

        /** Of all topics. */
        TopicCounts and(TopicCounts other) {
            return new TopicCounts(topic, segments + other.segments, batches + other.batches, fillers + other.fillers,
                    readings + other.readings, records + other.records, skipped + other.skipped);
        }
    }

    public TopicCounts all() {
        return topics.stream().reduce(new TopicCounts("all", 0, 0, 0, 0, 0, 0), TopicCounts::and);
    }

    public boolean isClean() {
        return differences.isEmpty();
    }
}
