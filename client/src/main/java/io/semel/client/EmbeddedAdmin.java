package io.semel.client;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import io.semel.client.admin.EmbeddedGroups;
import io.semel.client.admin.EmbeddedOffsets;
import io.semel.client.admin.EmbeddedTransactions;
import io.semel.client.admin.GroupAdmin;
import io.semel.client.admin.OffsetAdmin;
import io.semel.client.admin.TransactionAdmin;
import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.KafkaErrors;
import io.semel.log.CleaningProgress;
import io.semel.log.compaction.CompactionProgress;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.InvalidTopicException.What;
import io.semel.transactions.broker.PartitionOfflineException;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.TopicExistsException;
import io.semel.transactions.broker.UnknownTopicException;
import io.semel.transactions.partition.Partition;

/** Administration of an open directory, directly. */
final class EmbeddedAdmin implements SemelAdmin {
    private final ClientRuntime runtime;
    private final GroupAdmin groups;
    private final OffsetAdmin offsets;
    private final TransactionAdmin transactions;

    EmbeddedAdmin(ClientRuntime runtime) {
        this.runtime = runtime;
        this.groups = new EmbeddedGroups(runtime);
        this.offsets = new EmbeddedOffsets(runtime);
        this.transactions = new EmbeddedTransactions(runtime);
    }

    private Broker broker() {
        runtime.requireOpen();
        return runtime.broker();
    }

    @Override
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        try {
            broker().createTopic(name, partitions, configs);
        } catch (TopicExistsException e) {
            throw new org.apache.kafka.common.errors.TopicExistsException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw new InvalidTopicException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("topic not created: " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void deleteTopic(String name) {
        try {
            broker().deleteTopic(name);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw new InvalidTopicException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("topic not deleted, or not all of it: " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void createPartitions(String topic, int partitions) {
        try {
            broker().addPartitions(topic, partitions);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw e.what() == What.PARTITIONS
                    ? new InvalidPartitionsException(e.getMessage(), e)
                    : new InvalidTopicException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("partitions not added: " + topic + ": " + e.getMessage(), e);
        }
    }

    @Override
    public long deleteRecords(String topic, int partition, long beforeOffset) {
        try {
            return broker().deleteRecords(topic, partition, beforeOffset);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw new InvalidTopicException(e.getMessage(), e);
        } catch (PartitionOfflineException e) {
            throw KafkaErrors.offline(e);
        } catch (IllegalArgumentException e) {
            throw new OffsetOutOfRangeException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("records not deleted: " + topic + '-' + partition + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void configureTopic(String name, Map<String, String> configs) {
        try {
            broker().configureTopic(name, configs);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw new InvalidTopicException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("topic not configured: " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> listTopics() {
        return broker().topics().stream().filter(topic -> !topic.isInternal()).map(Topic::name).toList();
    }

    @Override
    public boolean hasTopic(String name) {
        return broker().hasTopic(name);
    }

    @Override
    public TopicDescription describeTopic(String name) {
        Topic topic = topic(name);
        List<PartitionDescription> partitions = new ArrayList<>();
        for (int index = 0; index < topic.partitionCount(); index++) {
            partitions.add(describe(topic, index));
        }
        return new TopicDescription(topic.name(), topic.id().toString(), topic.isInternal(), topic.configs(),
                partitions);
    }

    private static PartitionDescription describe(Topic topic, int index) {
        Partition partition;
        try {
            partition = topic.partition(index);
        } catch (PartitionOfflineException e) {
            long unknown = PartitionDescription.UNKNOWN;
            return new PartitionDescription(index, unknown, unknown, unknown, unknown, e.getMessage());
        }
        // Read in this order the marks can't seem to overtake each other.
        long start = partition.startOffset();
        long stable = partition.stableOffset();
        Throwable failure = partition.log().failure();
        return new PartitionDescription(index, start, stable, partition.readableOffset(), partition.log()
                .sizeInBytes(), failure == null ? "" : KafkaErrors.offline(partition, failure));
    }

    @Override
    public List<CleaningDescription> describeCleaning(String name) {
        return topic(name).partitions().stream().map(EmbeddedAdmin::describeCleaning).toList();
    }

    private static CleaningDescription describeCleaning(Partition partition) {
        CleaningProgress retention = partition.log().cleaningProgress();
        CompactionProgress compaction = partition.log().compaction().progress();
        return new CleaningDescription(partition.id().partition(), retention.deletedSegments(),
                retention.deletedBytes(), retention.segmentsStillRead(), partition.log().compaction().compactedOffset(),
                new CompactionDescription(compaction.partDone(), compaction.bytesMapped() + compaction.bytesRead(),
                        compaction.bytesWritten(), compaction.recordsKept(), compaction.recordsRemoved()));
    }

    private Topic topic(String name) {
        try {
            return broker().topic(name);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        }
    }

    @Override
    public List<ConfigEntry> describeConfigs(String name) {
        try {
            return broker().settings(name).stream().map(setting -> new ConfigEntry(setting.name(), setting.value(),
                    setting.inForce(), setting.defaultValue(), switch (setting.origin()) {
                        case TOPIC -> ConfigSource.TOPIC;
                        case DIRECTORY -> ConfigSource.DIRECTORY;
                        case DEFAULT -> ConfigSource.DEFAULT;
                    })).toList();
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        }
    }

    @Override
    public List<LogDirectory> describeLogDirectories() {
        Path path = broker().path();
        Map<TopicPartition, Long> bytes = new LinkedHashMap<>();
        for (Topic topic : broker().topics()) {
            for (int index = 0; index < topic.partitionCount(); index++) {
                bytes.put(new TopicPartition(topic.name(), index), topic.isOffline(index)
                        ? PartitionDescription.UNKNOWN
                        : topic.partition(index).log().sizeInBytes());
            }
        }
        try {
            FileStore store = Files.getFileStore(path);
            return List.of(new LogDirectory(path.toString(), store.getTotalSpace(), store.getUsableSpace(), bytes));
        } catch (IOException e) {
            throw new KafkaStorageException("file system of " + path + " does not tell its size: " + e.getMessage(), e);
        }
    }

    @Override
    public List<GroupSummary> listGroups() {
        return groups.listGroups();
    }

    @Override
    public GroupDetails describeGroup(String group) {
        return groups.describeGroup(group);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> groupOffsets(String group) {
        return groups.groupOffsets(group);
    }

    @Override
    public Map<TopicPartition, GroupLag> groupLag(String group) {
        return groups.groupLag(group);
    }

    @Override
    public void resetGroupOffsets(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        groups.resetGroupOffsets(group, offsets);
    }

    @Override
    public void deleteGroup(String group) {
        groups.deleteGroup(group);
    }

    @Override
    public void deleteGroupOffsets(String group, Set<TopicPartition> partitions) {
        groups.deleteGroupOffsets(group, partitions);
    }

    @Override
    public Map<TopicPartition, OffsetFound> listOffsets(Map<TopicPartition, OffsetQuery> queries) {
        return offsets.listOffsets(queries);
    }

    @Override
    public List<TransactionSummary> listTransactions(TransactionFilter filter) {
        return transactions.listTransactions(filter);
    }

    @Override
    public TransactionDetails describeTransaction(String transactionalId) {
        return transactions.describeTransaction(transactionalId);
    }

    @Override
    public void commitTransaction(String transactionalId) {
        transactions.commitTransaction(transactionalId);
    }

    @Override
    public void abortTransaction(String transactionalId) {
        transactions.abortTransaction(transactionalId);
    }

    @Override
    public List<ProducerDescription> describeProducers(String topic, int partition) {
        return transactions.describeProducers(topic, partition);
    }

    @Override
    public Optional<StableOffsetHold> stableOffsetHold(String topic, int partition) {
        return transactions.stableOffsetHold(topic, partition);
    }
}
