package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.idempotence.ProducerExpiry;
import io.semel.idempotence.ProducerIds;
import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionResources;
import io.semel.log.DataDirectory;
import io.semel.log.LogConfig;
import io.semel.log.memory.Budget;
import io.semel.transactions.coordinator.TransactionCoordinator;
import io.semel.transactions.groups.GroupCoordinator;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.MetadataRecord;

/**
 * One directory, whole: its topics, producers, transactions and groups.
 *
 * <p>Thread rule: any thread, except {@link #doWork()}, {@link #flush()} and {@link #clean()}, each one thread at a
 * time, and {@link #close()}, once, by the owner after everybody else has stopped.
 */
public final class Broker implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Broker.class);

    public static final String OFFSETS_TOPIC = "__consumer_offsets";
    public static final String TRANSACTIONS_TOPIC = "__transaction_state";

    /** In the directory beside the partitions: how its life before ended. */
    public static final String LAST_LIFE_FILE = "last-life";

    /** As an offset, stands for the last stable one (as in Kafka's DeleteRecords). */
    public static final long TO_THE_END = -1;

    /**
     * Every segment costs a mapping, and Linux allows a process 65,530: room for six segments each. Each has a file
     * open.
     */
    public static final int MAX_PARTITIONS = 10_000;

    private final BrokerContext context;
    private final DataDirectory directory;
    private final MetadataLog metadata;
    private final ProducerIds ids;
    private final ProducerExpiry expiry;
    private final Topics topics;
    private final TransactionCoordinator transactions;
    private final GroupCoordinator groups;
    private final RecoveryReport recovery;
    private final AccessRules access;
    private final Budget budget;
    private final CompactionResources compaction;
    /** Parts whose background work failed once: they are tried again and not reported again. */
    private final Set<Object> failing = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    Broker(BrokerContext context, DataDirectory directory, MetadataLog metadata, ProducerIds ids,
            ProducerExpiry expiry, Topics topics, TransactionCoordinator transactions, GroupCoordinator groups,
            RecoveryReport recovery, Budget budget) {
        this.context = context;
        this.directory = directory;
        this.metadata = metadata;
        this.ids = ids;
        this.expiry = expiry;
        this.topics = topics;
        this.transactions = transactions;
        this.groups = groups;
        this.recovery = recovery;
        this.access = new AccessRules(metadata);
        this.budget = budget;
        this.compaction = new CompactionResources(context.limits());
    }

    /**
     * Opens a directory, creating it when it is missing: takes its lock, recovers every partition, finishes the
     * transactions that were decided, lets those of remote producers live and aborts the others.
     *
     * @throws io.semel.log.memory.DirectoryInUseException when somebody else owns the directory
     * @throws io.semel.log.IncompatibleDirectoryException when it is not a directory of this format
     * @throws io.semel.log.CorruptLogException            when a complete part of one of the broker's own logs is
     *                                                     damaged; a partition of another topic that is damaged, or
     *                                                     whose disk fails, is then {@link OfflinePartition}
     * @throws io.semel.log.memory.DiskFullException       when there is no room for what opening writes; nothing is
     *                                                     lost
     * @throws io.semel.log.memory.OpenRefusedException    when no more files can be open, or mapped; nothing is lost
     */
    public static Broker open(Path path, BrokerContext context) throws IOException {
        return BrokerOpening.open(path, context);
    }

    /**
     * Creates a topic, with {@link ConfigNames#SERVED}: see
     * {@link #createTopic(String, int, Map, ConfigNames)}.
     */
    public Topic createTopic(String name, int partitionCount, Map<String, String> configs) throws IOException {
        return createTopic(name, partitionCount, configs, ConfigNames.SERVED);
    }

    /**
     * Creates a topic.
     *
     * @param partitionCount 1 to {@link #MAX_PARTITIONS}, over all topics together
     * @param configs        by Kafka's names, see {@link TopicConfig}
     * @throws InvalidTopicException when the name, count or configuration is not acceptable
     * @throws TopicExistsException  when there is a topic of that name
     */
    public synchronized Topic createTopic(String name, int partitionCount, Map<String, String> configs,
            ConfigNames allowed) throws IOException {
        requireCreatable(name, partitionCount, configs, allowed);
        MetadataRecord.TopicCreated created = new MetadataRecord.TopicCreated(context.ids().get(), name, partitionCount,
                configs, context.clock().time());
        return create(topics, metadata, created);
    }

    /** Throws what {@link #createTopic(String, int, Map, ConfigNames)} would, and creates nothing. */
    public void requireCreatable(String name, int partitionCount, Map<String, String> configs, ConfigNames allowed) {
        TopicName.check(name);
        TopicConfig.requireAllowed(allowed, name, configs, Set.of());
        TopicConfig.logConfig(name, configs, context.durability());
        if (topics.find(name) != null) {
            throw new TopicExistsException(name);
        }
        int room = MAX_PARTITIONS - topics.all().size() - topics.offline().size();
        if (partitionCount < 1 || partitionCount > room) {
            throw outOfRange(name, partitionCount, 1, room);
        }
    }

    private static InvalidTopicException outOfRange(String name, int given, int least, int most) {
        return new InvalidTopicException(InvalidTopicException.What.PARTITIONS, "partition count out of range: topic="
                + name + " given=" + given + " allowed=" + least + ".." + most + " (at most " + MAX_PARTITIONS
                + " in a directory)");
    }

    static Topic create(Topics topics, MetadataLog metadata, MetadataRecord.TopicCreated created) throws IOException {
        Topic none = new Topic(created.id(), created.name(), created.configs(), List.of(), List.of());
        return grow(topics, metadata, none, created, created);
    }

    /** The record is what makes the partitions exist; whatever fails before it leaves nothing behind. */
    private static Topic grow(Topics topics, MetadataLog metadata, Topic topic, MetadataRecord.TopicCreated grown,
            MetadataRecord change) throws IOException {
        List<Partition> more = topics.prepare(grown, topic.partitionCount());
        try {
            metadata.write(change);
        } catch (IOException | RuntimeException e) {
            topics.discard(more, e);
            throw e;
        }
        return topics.show(topic, more);
    }

    /**
     * Gives a topic more partitions. What stands in those that it has stays there: records of one key may be in two
     * partitions from then on.
     *
     * @param partitionCount all that it will have: more than it has
     * @throws UnknownTopicException when there is none
     * @throws InvalidTopicException when it is one of Semel's own, has as many already, or there is no room for more
     */
    public synchronized Topic addPartitions(String name, int partitionCount) throws IOException {
        requireGrowable(name, partitionCount);
        Topic topic = topic(name);
        MetadataRecord.TopicCreated grown = new MetadataRecord.TopicCreated(topic.id(), name, partitionCount, topic
                .configs(), context.clock().time());
        return grow(topics, metadata, topic, grown, new MetadataRecord.TopicGrown(topic.id(), partitionCount));
    }

    /** Throws what {@link #addPartitions} would, and adds nothing. */
    public void requireGrowable(String name, int partitionCount) {
        Topic topic = topic(name);
        if (topic.isInternal()) {
            throw internal(name, "get more partitions");
        }
        int now = topic.partitionCount();
        int room = MAX_PARTITIONS - topics.all().size() - topics.offline().size();
        if (partitionCount <= now || partitionCount - now > room) {
            throw outOfRange(name, partitionCount, now + 1, now + room);
        }
    }

    private static InvalidTopicException internal(String name, String what) {
        return new InvalidTopicException(InvalidTopicException.What.INTERNAL, "internal topic can't " + what + ": "
                + name);
    }

    /**
     * Deletes a topic with all of its records. Readers that stand in it keep what they have mapped until they let go.
     * Open transactions go on without it.
     *
     * @throws UnknownTopicException when there is none
     * @throws InvalidTopicException when it is one of Semel's own
     */
    public synchronized void deleteTopic(String name) throws IOException {
        Topic topic = topic(name);
        if (topic.isInternal()) {
            throw internal(name, "be deleted");
        }
        metadata.write(new MetadataRecord.TopicDeleted(topic.id(), name, context.clock().time()));
        topics.delete(topic);
    }

    /** As {@link #deleteTopic(String)}, and never one that bears the name of another that is gone. */
    public synchronized void deleteTopic(UUID id) throws IOException {
        deleteTopic(findTopic(id).orElseThrow(() -> new UnknownTopicException("unknown topic id: " + id)).name());
    }

    /**
     * Gives a topic another configuration, whole: what is not given has its default. How long records are kept holds at
     * once, the rest when the directory is opened again.
     *
     * @throws UnknownTopicException when there is none
     * @throws InvalidTopicException when it is one of Semel's own, or the configuration is not acceptable
     */
    public synchronized void configureTopic(String name, Map<String, String> configs) throws IOException {
        configureTopic(name, configs, ConfigNames.SERVED);
    }

    /** As {@link #configureTopic(String, Map)}, for callers that may use {@code allowed}. */
    public void configureTopic(String name, Map<String, String> configs, ConfigNames allowed) throws IOException {
        configureTopic(name, before -> configs, allowed);
    }

    /** As {@link #configureTopic(String, Map)}; nobody else changes the configuration meanwhile. */
    public synchronized void configureTopic(String name, UnaryOperator<Map<String, String>> change,
            ConfigNames allowed) throws IOException {
        Topic topic = topic(name);
        Map<String, String> configs = change.apply(topic.configs());
        LogConfig config = requireConfigurable(topic, configs, allowed);
        metadata.write(new MetadataRecord.TopicConfig(topic.id(), configs));
        topics.configure(topic, configs, config);
    }

    /** Throws what {@link #configureTopic(String, UnaryOperator, ConfigNames)} would, and changes nothing. */
    public void requireConfigurable(String name, UnaryOperator<Map<String, String>> change, ConfigNames allowed) {
        Topic topic = topic(name);
        requireConfigurable(topic, change.apply(topic.configs()), allowed);
    }

    private LogConfig requireConfigurable(Topic topic, Map<String, String> configs, ConfigNames allowed) {
        if (topic.isInternal()) {
            throw internal(topic.name(), "be configured");
        }
        TopicConfig.requireAllowed(allowed, topic.name(), configs, topic.configs().keySet());
        return TopicConfig.logConfig(topic.name(), configs, context.durability());
    }

    /**
     * Every name of a topic's configuration, those with defaults included, by name; of {@link InertConfig} those that
     * somebody set, behind the others.
     *
     * @throws UnknownTopicException when there is none
     */
    public List<TopicSetting> settings(String name) {
        return settings(topic(name));
    }

    /** As {@link #settings(String)}; of a topic that does not exist, as they would be. */
    public List<TopicSetting> settings(Topic topic) {
        String name = topic.name();
        LogConfig configured = TopicConfig.logConfig(name, topic.configs(), context.durability());
        // The logs themselves keep what they were opened with, but for how long records are kept.
        LogConfig inForce = topic.partitions().isEmpty()
                ? configured
                : topic.partitions().get(0).log().config().withRetention(configured.retention());
        Map<String, String> now = TopicConfig.values(inForce);
        Map<String, String> defaults = TopicConfig.values(TopicConfig.logConfig(name, Map.of(), context.durability()));
        List<TopicSetting> settings = new ArrayList<>();
        TopicConfig.values(configured).forEach((key, value) -> settings.add(new TopicSetting(key, value, now.get(key),
                defaults.get(key), originOf(key, topic))));
        InertConfig.all().stream().filter(inert -> topic.configs().containsKey(inert.name())).forEach(inert -> {
            String value = topic.configs().get(inert.name());
            settings.add(new TopicSetting(inert.name(), value, value, inert.defaultValue(),
                    TopicSetting.Origin.TOPIC));
        });
        return settings;
    }

    private static TopicSetting.Origin originOf(String key, Topic topic) {
        if (topic.configs().containsKey(key)) {
            return TopicSetting.Origin.TOPIC;
        }
        return key.equals(TopicConfig.DURABILITY) ? TopicSetting.Origin.DIRECTORY : TopicSetting.Origin.DEFAULT;
    }

    /**
     * Deletes the records of a partition below {@code offset}; {@link #TO_THE_END} for all that can go.
     *
     * @return the offset at which the partition begins then
     * @throws UnknownTopicException    when there is no such partition
     * @throws InvalidTopicException    when the topic is one of Semel's own, or its cleanup.policy is not to delete
     * @throws IllegalArgumentException when {@code offset} is past the last stable offset
     */
    public long deleteRecords(String topic, int index, long offset) throws IOException {
        Partition partition = partition(topic, index);
        if (topic(topic).isInternal()) {
            throw internal(topic, "lose records");
        }
        CleanupPolicy policy = partition.log().config().compaction().policy();
        if (!policy.deletes()) {
            throw new InvalidTopicException(InvalidTopicException.What.CONFIG, "records can't be deleted: topic="
                    + topic + " has "
                    + TopicConfig.CLEANUP_POLICY
                    + "=compact; only a policy that deletes allows it");
        }
        return partition.deleteRecordsBefore(offset == TO_THE_END ? partition.stableOffset() : offset);
    }

    /** @throws UnknownTopicException when there is none */
    public Topic topic(String name) {
        Topic topic = topics.find(name);
        if (topic == null) {
            throw new UnknownTopicException("unknown topic: " + name + " in " + directory.path() + "; create it first");
        }
        return topic;
    }

    /** The topic, if there is one. */
    public Optional<Topic> findTopic(String name) {
        return Optional.ofNullable(topics.find(name));
    }

    /** The topic, if there is one, by what tells it from others that bore its name before or will bear it later. */
    public Optional<Topic> findTopic(UUID id) {
        return Optional.ofNullable(topics.find(id));
    }

    /** Whether a topic may bear the name. */
    public static boolean isTopicName(String name) {
        return TopicName.isLegal(name);
    }

    public boolean hasTopic(String name) {
        return topics.find(name) != null;
    }

    /** All topics by name, internal ones included. */
    public Collection<Topic> topics() {
        return topics.topics();
    }

    /**
     * @throws UnknownTopicException     when the topic or the partition does not exist
     * @throws PartitionOfflineException when it is out of service
     */
    public Partition partition(String topic, int index) {
        Topic found = topic(topic);
        if (index < 0 || index >= found.partitionCount()) {
            throw new UnknownTopicException("unknown partition: " + topic + '-' + index
                    + "; the topic has partitions 0.."
                    + (found.partitionCount() - 1));
        }
        return found.partition(index);
    }

    /** The partition, or null when there is none in service: for hot paths that look before they leap. */
    public Partition findPartition(PartitionId id) {
        return topics.find(id);
    }

    public ProducerIds producerIds() {
        return ids;
    }

    public TransactionCoordinator transactions() {
        return transactions;
    }

    public GroupCoordinator groups() {
        return groups;
    }

    public RecoveryReport recovery() {
        return recovery;
    }

    /** Who may do what over the network. */
    public AccessRules accessRules() {
        return access;
    }

    /** What the directory holds of the process now, and the limits of that. */
    public Budget budget() {
        return budget;
    }

    public Path path() {
        return directory.path();
    }

    public String clusterId() {
        return directory.clusterId();
    }

    /**
     * One round of background work; returns how much was done, 0 when an idle strategy may idle. A part that fails is
     * reported, once, and does not take the others with it.
     */
    public int doWork() {
        int done = step(metadata, MetadataLog::doWork);
        done += step(transactions, TransactionCoordinator::doWork);
        done += step(expiry, ProducerExpiry::doWork);
        done += step(this, broker -> broker.groups.doWork(broker.context.clock().time()));
        for (Partition partition : topics.all()) {
            done += step(partition, Partition::doWork);
        }
        return done;
    }

    /**
     * One round of the background work that waits for the disk, for a thread that nobody waits for; returns how much
     * was done. One thread at a time, beside the one of {@link #doWork()}.
     */
    public int flush() {
        int done = step(metadata, MetadataLog::flush);
        for (Partition partition : topics.all()) {
            done += step(partition, Partition::flush);
        }
        return done;
    }

    /**
     * One round of the background work that deletes what is too old, too much or superseded; returns how much was done.
     * One thread at a time, beside those of {@link #doWork()} and {@link #flush()}.
     */
    public int clean() {
        long nowMs = context.clock().time();
        int done = step(metadata, log -> log.clean(nowMs, compaction));
        for (Partition partition : topics.all()) {
            done += step(partition, each -> each.clean(nowMs, compaction));
        }
        return done;
    }

    /** The work captures nothing, so that a round without work allocates nothing. */
    private <T> int step(T part, ToIntFunction<T> work) {
        try {
            return work.applyAsInt(part);
        } catch (RuntimeException | Error e) {
            if (failing.add(part)) {
                LOGGER.error("background work failed in {}: {}", directory.path(), part, e);
            }
            return 0;
        }
    }

    /** Closes every partition and gives the directory back. */
    @Override
    public void close() throws IOException {
        transactions.journalCompletions();
        try (directory; metadata; topics) {
            // Closed in reverse order by the try statement, each even when another one fails.
        }
    }
}
