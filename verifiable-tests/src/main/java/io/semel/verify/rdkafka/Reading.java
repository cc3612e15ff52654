package io.semel.verify.rdkafka;

/**
 * One reading of partition 0 of a topic.
 *
 * @param isolation by Kafka's name
 * @param expected  what Semel's own reader shows
 * @param fillers   how many lie between its start and its end
 */
record Reading(String topic, String isolation, Start start, Shown expected, long fillers) {
    @Override
    public String toString() {
        return "topic " + topic + " from " + start + ", " + isolation;
    }
}
