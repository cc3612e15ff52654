package io.semel.verify.rdkafka;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.semel.log.batch.DirectBatch;
import io.semel.log.batch.codec.Codec;
import io.semel.verify.rdkafka.TopicWriter.End;

/** The topics that are judged, each named after what is special about it. */
enum Shape {
    /** Everything, over several segments; fillers first and last. */
    MIXED {
        @Override
        void write(TopicWriter writer, List<Codec> codecs) {
            writer.fillers(2);
            for (int round = 0; round < ROUNDS; round++) {
                for (Codec codec : codecs) {
                    writer.plain(codec, 5);
                    writer.transaction(codec, 3, round % 3 == 1 ? End.ABORT : End.COMMIT);
                    writer.direct();
                    writer.fillers(1 + round % 2);
                    writer.anonymous(2);
                }
            }
            writer.fillers(2);
        }
    },
    /** A reader of committed records has nothing left to be shown behind the second record. */
    ENDS_WITH_ABORT {
        @Override
        void write(TopicWriter writer, List<Codec> codecs) {
            writer.direct();
            writer.anonymous(1);
            writer.fillers(1);
            writer.transaction(Codec.NONE, 4, End.ABORT);
        }
    },
    ENDS_WITH_COMMIT {
        @Override
        void write(TopicWriter writer, List<Codec> codecs) {
            writer.transaction(Codec.NONE, 4, End.COMMIT);
        }
    },
    /** There is nothing to be shown, and yet an end to be reached. */
    FILLERS_ONLY {
        @Override
        void write(TopicWriter writer, List<Codec> codecs) {
            writer.fillers(3);
        }
    },
    /** Fillers of every length at which the lengths within them take a byte more. */
    LENGTHS {
        @Override
        void write(TopicWriter writer, List<Codec> codecs) {
            for (int edge : LENGTH_EDGES) {
                for (int length = Math.max(edge - EDGE_BYTES, DirectBatch.MIN_CONTENT_LENGTH); length <= edge
                        + EDGE_BYTES; length++) {
                    writer.filler(length);
                    if (length % 8 == 0) {
                        writer.direct();
                    }
                }
            }
        }
    },
    /** Batches with holes, and offsets that are gone, fillers' among them. */
    COMPACTED {
        @Override
        Map<String, String> configs() {
            return Map.of("segment.bytes", SEGMENT_BYTES, "retention.ms", "-1", "cleanup.policy", "compact",
                    "min.cleanable.dirty.ratio", "0");
        }

        @Override
        void write(TopicWriter writer, List<Codec> codecs) {
            MIXED.write(writer, codecs);
        }
    };

    /** Semel's least but for tests: a few dozens of batches. */
    private static final String SEGMENT_BYTES = "65536";
    private static final int ROUNDS = 9;

    /** Where a varint of a length takes one, two, three bytes; and some bytes around, for what stands beside it. */
    private static final int[] LENGTH_EDGES = {1 << 6, 1 << 13};
    private static final int EDGE_BYTES = 70;

    abstract void write(TopicWriter writer, List<Codec> codecs);

    Map<String, String> configs() {
        return Map.of("segment.bytes", SEGMENT_BYTES, "retention.ms", "-1");
    }

    /** What the topic is called. */
    String topic() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
