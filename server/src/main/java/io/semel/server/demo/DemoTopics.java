package io.semel.server.demo;

import org.apache.kafka.common.TopicPartition;

/** The names by which parent, feeder and pipeline know what is where. */
final class DemoTopics {
    /** Key: the line's number in the whole feed, from 0. Value: the line. */
    static final String LINES = "lines";

    /** Key: a word. Value: 1. Headers: where it stood. */
    static final String COUNTS = "counts";

    /** Header: number of the line. */
    static final String LINE_HEADER = "line";

    /** Header: which word of the line it is, from 0. */
    static final String NTH_HEADER = "nth";

    /** The consumer group and name of the pipeline. */
    static final String PIPELINE = "word-count";

    /**
     * The feeder consumes a text: its place commits like any group's. Offsets can be committed only for partitions that
     * exist, and the text has none, so the place stands at the topic that is fed from it.
     */
    static final String FEEDER_GROUP = "demo-feeder";
    static final TopicPartition TEXT = new TopicPartition(LINES, 0);

    private DemoTopics() {
    }
}
