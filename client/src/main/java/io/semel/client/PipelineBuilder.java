package io.semel.client;

import java.time.Duration;

import org.apache.kafka.common.serialization.Serde;

/**
 * Describes a {@link Pipeline}: {@code from(topic).process(function).to(topic).start()}.
 *
 * <p>Thread rule: one thread.
 */
public final class PipelineBuilder {
    /** Enough that a commit's cost is shared, few enough that output appears within milliseconds. */
    private static final int DEFAULT_MAX_RECORDS_PER_COMMIT = 500;

    /** Kafka's {@code max.block.ms}. */
    private static final Duration DEFAULT_MAX_BLOCK = Duration.ofMinutes(1);

    private final Semel semel;
    private final String name;

    PipelineBuilder(Semel semel, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "a pipeline needs a name: it is its consumer group and the beginning of its"
                            + " transactional ids");
        }
        this.semel = semel;
        this.name = name;
    }

    /** The topic to read. */
    public <K, V> Source<K, V> from(String topic, Serde<K> key, Serde<V> value) {
        return new Source<>(this, topic, key, value);
    }

    /** A pipeline with its source. */
    public static final class Source<K, V> {
        private final PipelineBuilder builder;
        private final String topic;
        private final Serde<K> key;
        private final Serde<V> value;

        private Source(PipelineBuilder builder, String topic, Serde<K> key, Serde<V> value) {
            this.builder = builder;
            this.topic = topic;
            this.key = key;
            this.value = value;
        }

        /** What to do with every record. */
        public <KO, VO> Transformation<K, V, KO, VO> process(Pipeline.Processor<K, V, KO, VO> processor) {
            return new Transformation<>(this, processor);
        }
    }

    /** A pipeline with its source and its function. */
    public static final class Transformation<K, V, KO, VO> {
        private final Source<K, V> source;
        private final Pipeline.Processor<K, V, KO, VO> processor;

        private Transformation(Source<K, V> source, Pipeline.Processor<K, V, KO, VO> processor) {
            this.source = source;
            this.processor = processor;
        }

        /** The topic to write. */
        public Ready<K, V, KO, VO> to(String topic, Serde<KO> key, Serde<VO> value) {
            return new Ready<>(this, topic, key, value);
        }
    }

    /** A pipeline that can be started. */
    public static final class Ready<K, V, KO, VO> {
        private final Transformation<K, V, KO, VO> from;
        private final String topic;
        private final Serde<KO> key;
        private final Serde<VO> value;
        private DeliverySemantics semantics = DeliverySemantics.EXACTLY_ONCE;
        private int threads = 1;
        private int maxRecordsPerCommit = DEFAULT_MAX_RECORDS_PER_COMMIT;
        private Duration maxBlock = DEFAULT_MAX_BLOCK;

        private Ready(Transformation<K, V, KO, VO> from, String topic, Serde<KO> key, Serde<VO> value) {
            this.from = from;
            this.topic = topic;
            this.key = key;
            this.value = value;
        }

        /** {@link DeliverySemantics#EXACTLY_ONCE} unless chosen otherwise. */
        public Ready<K, V, KO, VO> semantics(DeliverySemantics chosen) {
            semantics = chosen;
            return this;
        }

        /** Threads that share the source's partitions, 1 or more; 1 unless chosen otherwise. */
        public Ready<K, V, KO, VO> threads(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("threads must be at least 1: given=" + count);
            }
            threads = count;
            return this;
        }

        /** Records that commit together at most, 1 or more; 500 unless chosen otherwise. */
        public Ready<K, V, KO, VO> maxRecordsPerCommit(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("maxRecordsPerCommit must be at least 1: given=" + count);
            }
            maxRecordsPerCommit = count;
            return this;
        }

        /**
         * How long a call of its producers waits, a commit above all, before the batch is given up; then, how long
         * closing them does.
         */
        Ready<K, V, KO, VO> maxBlock(Duration longest) {
            maxBlock = longest;
            return this;
        }

        /**
         * Starts the pipeline where its last run, of the same name, left off; a new one starts at the beginning.
         *
         * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when a topic does not exist
         * @throws IllegalStateException when a pipeline of that name is running
         */
        public Pipeline start() {
            Source<K, V> source = from.source;
            Semel semel = source.builder.semel;
            semel.requireTopic(source.topic);
            semel.requireTopic(topic);
            return semel.startPipeline(new Pipeline.Definition<>(semel, source.builder.name, source.topic, source.key,
                    source.value, from.processor, topic, key, value, semantics, threads, maxRecordsPerCommit,
                    maxBlock));
        }
    }
}
