package io.semel.client;

import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

import io.semel.client.admin.GroupAdmin;
import io.semel.client.admin.OffsetAdmin;
import io.semel.client.admin.TransactionAdmin;

/**
 * Topics and where they are kept, groups, offsets and transactions. Small and our own, because most of the results of
 * Kafka's {@code Admin} can't be built from outside. What it takes and returns are plain values, so that it can stand
 * at the other end of a connection.
 *
 * <p>Thread rule: any thread. Calls return when what they did is acknowledged.
 */
public interface SemelAdmin extends GroupAdmin, OffsetAdmin, TransactionAdmin {
    /**
     * A topic.
     *
     * @param partitions one description per partition, by index
     */
    record TopicDescription(String name, String id, boolean internal, Map<String, String> configs,
            List<PartitionDescription> partitions) {
    }

    /**
     * A partition's marks, in offsets: {@code start <= stable <= end}.
     *
     * @param stable  the last stable offset: committed readers get this far
     * @param end     the offset that the next record to become readable will have
     * @param offline why it is out of service, which in Kafka is a partition without a leader; empty while it is in
     *                service
     */
    record PartitionDescription(int partition, long start, long stable, long end, long sizeInBytes, String offline) {
        /** The marks of one that could not even be opened. */
        public static final long UNKNOWN = -1;

        public boolean isOffline() {
            return !offline.isEmpty();
        }
    }

    /**
     * What retention and compaction have done for a partition since the directory was opened.
     *
     * @param deletedSegments   segments that retention or {@link #deleteRecords} dropped
     * @param deletedBytes      bytes of batches in them
     * @param segmentsStillRead dropped or compacted segments whose files wait for readers to let go of them
     * @param compactedOffset   below it every key stands once; 0 when nothing was compacted
     * @param compaction        of the compaction under way, or of the last one
     */
    record CleaningDescription(int partition, long deletedSegments, long deletedBytes, int segmentsStillRead,
            long compactedOffset, CompactionDescription compaction) {
    }

    /**
     * How far a compaction is.
     *
     * @param partDone       from 0 to 1
     * @param bytesRead      looked through for keys, and then read once more to be cleaned
     * @param recordsRemoved superseded, aborted or expired
     */
    record CompactionDescription(double partDone, long bytesRead, long bytesWritten, long recordsKept,
            long recordsRemoved) {
    }

    /**
     * One name of a topic's configuration.
     *
     * @param value   what the topic is configured to
     * @param inForce what holds now: of most names a new value holds when the directory is opened again
     */
    record ConfigEntry(String name, String value, String inForce, String defaultValue, ConfigSource source) {
    }

    /** Where a value comes from. */
    enum ConfigSource {
        /** The topic's own configuration. */
        TOPIC,
        /** How the directory was opened. */
        DIRECTORY,
        /** Nobody said: Semel's default. */
        DEFAULT
    }

    /**
     * Where partitions are kept.
     *
     * @param totalBytes     of the file system that it is on
     * @param usableBytes    what is left there for this process
     * @param partitionBytes the batches of each partition, internal topics included, or
     *                       {@link PartitionDescription#UNKNOWN} where it could not be opened; its files may take more,
     *                       since blocks are taken ahead
     */
    record LogDirectory(String path, long totalBytes, long usableBytes, Map<TopicPartition, Long> partitionBytes) {
    }

    /** As {@link #createTopic(String, int, Map)} without configuration. */
    default void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /**
     * Creates a topic.
     *
     * @param partitions 1 or more
     * @param configs    by Kafka's names; one that is not served is refused, never ignored
     * @throws org.apache.kafka.common.errors.TopicExistsException    when there is a topic of that name
     * @throws org.apache.kafka.common.errors.InvalidTopicException   when the name, the number of partitions or a
     *                                                                configuration is not acceptable
     */
    void createTopic(String name, int partitions, Map<String, String> configs);

    /**
     * Deletes a topic and all of its records.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is none
     */
    void deleteTopic(String name);

    /**
     * Gives a topic more partitions. Producers and consumers notice within moments; groups that read it rebalance. What
     * stands in the partitions that it has stays there, so records of one key may be in two of them from then on.
     *
     * @param partitions all that it will have: more than it has
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is none
     * @throws org.apache.kafka.common.errors.InvalidPartitionsException       when it has as many already, or there is
     *                                                                         no room for more
     * @throws org.apache.kafka.common.errors.InvalidTopicException            when the topic is internal
     */
    void createPartitions(String topic, int partitions);

    /** As an offset, stands for all records that can go. */
    long TO_THE_END = -1;

    /**
     * Deletes the records of a partition below {@code beforeOffset}: nobody is served them any more when this returns.
     * Their bytes go with their segment. What an open transaction wrote can't be deleted.
     *
     * @param beforeOffset at most the last stable offset, or {@link #TO_THE_END}
     * @return the offset at which the partition begins now
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is no such partition
     * @throws org.apache.kafka.common.errors.OffsetOutOfRangeException        when the offset is past the last stable
     *                                                                         one
     * @throws org.apache.kafka.common.errors.InvalidTopicException            when the topic is internal or compacted
     *                                                                         only
     */
    long deleteRecords(String topic, int partition, long beforeOffset);

    /**
     * Gives a topic another configuration in the place of the one that it has; what is not in it has its default. How
     * long records are kept holds from now on, everything else when the directory is opened again.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is none
     * @throws org.apache.kafka.common.errors.InvalidTopicException            when the topic is internal, or a
     *                                                                         configuration is not acceptable
     */
    void configureTopic(String name, Map<String, String> configs);

    /** The names of the users' topics, sorted. */
    List<String> listTopics();

    boolean hasTopic(String name);

    /**
     * All partitions of a topic, those that are out of service included.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is none
     */
    TopicDescription describeTopic(String name);

    /**
     * What the background has cleaned of a topic: of its partitions that could be opened, by partition.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is none
     */
    List<CleaningDescription> describeCleaning(String name);

    /**
     * The configuration of a topic, every name that is served, by name.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is none
     */
    List<ConfigEntry> describeConfigs(String topic);

    /** Of a directory there is one. */
    List<LogDirectory> describeLogDirectories();
}
