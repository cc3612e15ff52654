package io.semel.client.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.serialization.Deserializer;

import io.semel.client.consumer.GroupCalls.Wakeups;
import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Opening;
import io.semel.client.runtime.Waiting;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;

/**
 * Kafka's {@link org.apache.kafka.clients.consumer.Consumer} over an open directory: the same calls, the same
 * exceptions, no network. What is not served yet throws {@link UnsupportedOperationException}.
 *
 * <p>Thread rule: one thread at a time, a second one gets a {@link java.util.ConcurrentModificationException};
 * {@link #wakeup} may be called by any.
 */
public final class EmbeddedConsumer<K, V> implements LocalConsumer<K, V> {
    private final ClientRuntime runtime;
    private final ConsumerSettings settings;
    private final Access access = new Access();
    private final Parking parking = new Parking();
    private final TopicCatalog catalog;
    private final ConsumerMetrics metrics;
    private final Subscriptions subscriptions;
    private final Positions positions;
    private final Poller<K, V> poller;
    private final Interceptors<K, V> interceptors;
    private final List<Deserializer<?>> deserializers;
    private final Optional<GroupSide> group;
    /** What the directory's owner closes when the consumer's owner has not. */
    private final AutoCloseable ownersHandle = this::closeForTheOwner;
    private volatile boolean isClosing;
    private boolean closeBegan;
    private boolean isClosed;

    private EmbeddedConsumer(ClientRuntime runtime, ConsumerSettings settings, Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer) {
        this.runtime = runtime;
        this.settings = settings;
        this.catalog = new TopicCatalog(runtime.broker());
        this.metrics = new ConsumerMetrics(settings.clientId());
        this.subscriptions = new Subscriptions(id -> new PartitionFeed(id, parking, settings.checksCrcs()), metrics);
        this.interceptors = new Interceptors<>(settings.interceptors());
        this.deserializers = List.of(keyDeserializer, valueDeserializer);
        this.group = settings.groupId().map(id -> GroupSide.open(runtime, new GroupCalls(runtime, parking, id),
                settings, subscriptions, interceptors, access, parking, metrics));
        this.positions = new Positions(runtime, subscriptions, group.map(GroupSide::calls), settings);
        this.poller = new Poller<>(parking, subscriptions, positions,
                new Fetcher<>(subscriptions, catalog, new RecordDecoder<>(keyDeserializer, valueDeserializer),
                        settings, metrics),
                interceptors, group, settings, metrics);
    }

    /**
     * Opens a consumer; {@link ClientRuntime#close()} closes it if its owner has not.
     *
     * @param configs           by Kafka's names, see {@link ConsumerConfig}; {@code bootstrap.servers} is not needed
     * @param keyDeserializer   null when {@code key.deserializer} names one
     * @param valueDeserializer null when {@code value.deserializer} names one
     * @throws org.apache.kafka.common.config.ConfigException when a value is not allowed or not served
     */
    public static <K, V> EmbeddedConsumer<K, V> open(ClientRuntime runtime, Map<String, Object> configs,
            CommitStyle commitStyle, Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer) {
        runtime.requireOpen();
        ConsumerSettings settings = ConsumerSettings.parse(configs, commitStyle, keyDeserializer, valueDeserializer);
        Deserializer<K> key = settings.deserializer(keyDeserializer, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
        return Opening.closingOnFailure(key::close, () -> {
            Deserializer<V> value = settings.deserializer(valueDeserializer,
                    ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
            return Opening.closingOnFailure(value::close, () -> start(new EmbeddedConsumer<>(runtime, settings, key,
                    value)));
        });
    }

    private static <K, V> EmbeddedConsumer<K, V> start(EmbeddedConsumer<K, V> consumer) {
        consumer.settings.warnOfUnknownNames();
        consumer.runtime.register(consumer.ownersHandle);
        return consumer;
    }

    // ---- what to read

    @Override
    public void subscribe(Collection<String> topics) {
        subscribe(topics, Optional.empty());
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        subscribe(topics, Optional.of(requireListener(listener)));
    }

    private void subscribe(Collection<String> topics, Optional<ConsumerRebalanceListener> listener) {
        inside(() -> {
            requireGroup();
            if (topics == null) {
                throw new IllegalArgumentException("topics to subscribe to can't be null");
            }
            if (topics.isEmpty()) {
                leaveGroup();
                return;
            }
            boolean changes = !Subscriptions.checkedNames(topics).equals(subscriptions.topics());
            subscriptions.subscribe(topics, listener);
            rejoinIf(changes);
        });
    }

    @Override
    public void subscribe(Pattern pattern) {
        subscribe(pattern, Optional.empty());
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        subscribe(pattern, Optional.of(requireListener(listener)));
    }

    private void subscribe(Pattern pattern, Optional<ConsumerRebalanceListener> listener) {
        inside(() -> {
            requireGroup();
            if (pattern == null || pattern.pattern().isEmpty()) {
                throw new IllegalArgumentException("the topic pattern to subscribe to can't be null or empty");
            }
            subscriptions.subscribe(pattern, listener);
            rejoinIf(true);
        });
    }

    private static ConsumerRebalanceListener requireListener(ConsumerRebalanceListener listener) {
        if (listener == null) {
            throw new IllegalArgumentException("the rebalance listener can't be null");
        }
        return listener;
    }

    private void rejoinIf(boolean changes) {
        if (changes) {
            requireGroup().member().rejoin();
        }
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        inside(() -> {
            if (partitions == null || partitions.stream().anyMatch(id -> id == null || id.topic().isBlank())) {
                throw new IllegalArgumentException("partitions to assign can't be null or nameless: " + partitions);
            }
            if (partitions.isEmpty()) {
                leaveGroup();
                return;
            }
            group.ifPresent(side -> side.commits().autoCommitIfDue());
            subscriptions.choose(partitions);
        });
    }

    @Override
    public void unsubscribe() {
        inside(this::leaveGroup);
    }

    private void leaveGroup() {
        try {
            group.filter(side -> subscriptions.isByGroup())
                    .ifPresent(side -> side.member().leave(side.member().leaving(
                            CloseOptions.GroupMembershipOperation.DEFAULT)));
        } finally {
            subscriptions.unsubscribe();
            positions.forgetLookup();
        }
    }

    @Override
    public Set<TopicPartition> assignment() {
        return inside(subscriptions::assignment);
    }

    @Override
    public Set<String> subscription() {
        return inside(() -> Set.copyOf(subscriptions.topics()));
    }

    // ---- reading

    @Override
    public ConsumerRecords<K, V> poll(Duration timeout) {
        return inside(() -> {
            if (timeout.isNegative()) {
                throw new IllegalArgumentException("a timeout can't be negative: " + timeout);
            }
            if (subscriptions.kind() == Subscriptions.Kind.NONE) {
                throw new IllegalStateException(
                        "neither subscribed to topics nor assigned partitions; subscribe or assign first");
            }
            if (isClosing) {
                throw new IllegalStateException("closing: " + runtime.broker().path());
            }
            return poller.poll(Waiting.saturatedNanos(timeout));
        });
    }

    @Override
    public void wakeup() {
        parking.requestWakeup();
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        inside(() -> feeds(partitions).forEach(PartitionFeed::pause));
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        inside(() -> feeds(partitions).forEach(PartitionFeed::resume));
    }

    @Override
    public Set<TopicPartition> paused() {
        return inside(() -> subscriptions.feedsInTurn().stream().filter(PartitionFeed::isPaused).map(PartitionFeed::id)
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    /** All of them, before anything is done with one. */
    private List<PartitionFeed> feeds(Collection<TopicPartition> partitions) {
        return partitions.stream().map(subscriptions::feed).toList();
    }

    // ---- where to read

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata to) {
        inside(() -> subscriptions.feed(partition).seek(to.offset(), to.leaderEpoch().orElse(
                RecordBatchLayout.NO_LEADER_EPOCH)));
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        seekLater(partitions, StartPolicy.EARLIEST);
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        seekLater(partitions, StartPolicy.LATEST);
    }

    private void seekLater(Collection<TopicPartition> partitions, StartPolicy where) {
        inside(() -> {
            if (partitions == null) {
                throw new IllegalArgumentException("partitions to seek in can't be null");
            }
            Collection<TopicPartition> named = partitions.isEmpty() ? subscriptions.assignment() : partitions;
            feeds(named).forEach(feed -> feed.seekLater(where));
        });
    }

    @Override
    public long position(TopicPartition partition) {
        return position(partition, settings.apiTimeout());
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        return inside(() -> {
            PartitionFeed feed = subscriptions.feed(partition);
            Waiting waiting = Waiting.upTo(timeout, "the position of " + partition);
            while (!feed.hasPosition()) {
                parking.throwIfStopped();
                positions.stepFor(partition);
                if (!feed.hasPosition()) {
                    waiting.pause();
                }
            }
            return feed.position();
        });
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return inside(() -> {
            PartitionFeed feed = subscriptions.feed(partition);
            if (!feed.hasPosition() || !feed.exists()) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(feed.lag(settings.isolation()));
        });
    }

    // ---- how far the group is

    @Override
    public void commitSync() {
        commitSync(settings.apiTimeout());
    }

    @Override
    public void commitSync(Duration timeout) {
        inside(() -> {
            OffsetCommits commits = requireGroup().commits();
            commits.commitSync(commits.consumed(), timeout, Wakeups.HEEDED);
        });
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        commitSync(offsets, settings.apiTimeout());
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        inside(() -> requireGroup().commits().commitSync(offsets, timeout, Wakeups.HEEDED));
    }

    @Override
    public void commitAsync(OffsetCommitCallback callback) {
        inside(() -> commitAsync(requireGroup().commits().consumed(), callback));
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        inside(() -> requireGroup().commits().commitAsync(offsets,
                callback == null ? OffsetCommits::logFailure : callback));
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return committed(partitions, settings.apiTimeout());
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        return inside(() -> requireGroup().commits().committed(partitions, timeout));
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return inside(() -> requireGroup().member().metadata());
    }

    @Override
    public void enforceRebalance() {
        inside(() -> group.orElseThrow(() -> new IllegalStateException(
                "no group that could rebalance: configure " + ConsumerConfig.GROUP_ID_CONFIG)).member().rejoin());
    }

    private GroupSide requireGroup() {
        return group.orElseThrow(() -> new InvalidGroupIdException(
                "no group: to subscribe or to commit, configure " + ConsumerConfig.GROUP_ID_CONFIG));
    }

    // ---- what there is

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return offsets(partitions, Partition::startOffset);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        Isolation isolation = settings.isolation();
        return offsets(partitions, partition -> partition.endOffset(isolation));
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, ToLongFunction<Partition> which) {
        return inside(() -> {
            Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
            partitions.forEach(id -> offsets.put(id, which.applyAsLong(catalog.partition(id))));
            return offsets;
        });
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> timestamps) {
        return inside(() -> OffsetTimes.firstSince(catalog, settings.isolation(), timestamps));
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return inside(() -> catalog.partitionsOf(topic));
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
        return inside(catalog::all);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return metrics.all();
    }

    // ---- the end

    @Override
    public void close(CloseOptions options) {
        Duration timeout = options.timeout().orElse(CLOSE_TIMEOUT);
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("a timeout can't be negative: " + timeout);
        }
        access.enter();
        try {
            closeInside(timeout, options.groupMembershipOperation(), GroupSide.ClosedBy.USER);
        } finally {
            access.leave();
        }
    }

    /** The thread that polls, if there is one, is woken and let out first. */
    private void closeForTheOwner() {
        isClosing = true;
        parking.requestWakeup();
        Waiting waiting = Waiting.upTo(CLOSE_TIMEOUT, "the thread that uses the consumer to leave it");
        while (!access.tryEnter()) {
            waiting.pause();
        }
        try {
            closeInside(CLOSE_TIMEOUT, CloseOptions.GroupMembershipOperation.DEFAULT, GroupSide.ClosedBy.OWNER);
        } finally {
            access.leave();
        }
    }

    private void closeInside(Duration timeout, CloseOptions.GroupMembershipOperation operation,
            GroupSide.ClosedBy who) {
        if (closeBegan) {
            return;
        }
        isClosing = true;
        closeBegan = true;
        parking.ignoreWakeups();
        try {
            // The rebalance listener may still seek the consumer's help, so it is not closed yet.
            group.ifPresent(side -> side.close(timeout, side.member().leaving(operation), who));
        } finally {
            isClosed = true;
            subscriptions.unsubscribe();
            runtime.unregister(ownersHandle);
            interceptors.close();
            deserializers.forEach(Deserializer::close);
        }
    }

    private void inside(Runnable call) {
        inside(() -> {
            call.run();
            return null;
        });
    }

    private <T> T inside(Supplier<T> call) {
        access.enter();
        try {
            if (isClosed) {
                throw new IllegalStateException("this consumer is closed: " + settings.clientId());
            }
            return call.get();
        } finally {
            access.leave();
        }
    }

    @Override
    public String toString() {
        return "EmbeddedConsumer{" + settings.clientId() + settings.groupId().map(id -> " of " + id).orElse("") + '}';
    }
}
