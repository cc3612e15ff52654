package io.semel.client.consumer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.codec.UnsupportedCompressionException;
import io.semel.transactions.partition.Isolation;

/**
 * Takes records out of the assigned partitions, one partition after the other; whoever was served goes to the end of
 * the queue, so that none starves.
 *
 * <p>Thread rule: the polling thread's.
 */
final class Fetcher<K, V> {
    private static final Logger LOGGER = LoggerFactory.getLogger(Fetcher.class);

    private final Subscriptions subscriptions;
    private final TopicCatalog catalog;
    private final RecordDecoder<K, V> decoder;
    private final ConsumerMetrics metrics;
    private final Isolation isolation;
    private final int maxRecords;
    private final int maxBytes;
    private final int maxPartitionBytes;
    /** Partitions that are offline, each said once. */
    private final Set<TopicPartition> warned = new HashSet<>();
    /** Whether the last {@link #fetch} passed over markers or aborted records and brought nothing in. */
    private boolean advancedOnly;

    Fetcher(Subscriptions subscriptions, TopicCatalog catalog, RecordDecoder<K, V> decoder,
            ConsumerSettings settings, ConsumerMetrics metrics) {
        this.subscriptions = subscriptions;
        this.catalog = catalog;
        this.decoder = decoder;
        this.metrics = metrics;
        this.isolation = settings.isolation();
        this.maxRecords = settings.maxPollRecords();
        this.maxBytes = settings.maxFetchBytes();
        this.maxPartitionBytes = settings.maxPartitionFetchBytes();
    }

    /** One poll's harvest, while it is brought in. */
    private static final class Harvest<K, V> {
        final Map<TopicPartition, List<ConsumerRecord<K, V>>> records = new LinkedHashMap<>();
        final Map<TopicPartition, OffsetAndMetadata> nextOffsets = new LinkedHashMap<>();
        int count;
        long bytes;
    }

    /**
     * What can be had now, within Kafka's limits for one poll; the positions are then past it.
     *
     * @throws org.apache.kafka.common.errors.KafkaStorageException when there is nothing, and a partition that was
     *     chosen by name is offline. What a group assigns nobody chose: there the others are served, and the log says
     *     so
     */
    ConsumerRecords<K, V> fetch() {
        Harvest<K, V> harvest = new Harvest<>();
        boolean advanced = false;
        for (PartitionFeed feed : subscriptions.feedsInTurn()) {
            if (harvest.count >= maxRecords || harvest.bytes >= maxBytes) {
                break;
            }
            if (!feed.isFetchable()) {
                warnIfOffline(feed);
                continue;
            }
            long before = feed.position();
            try {
                take(feed, harvest);
                advanced |= feed.position() > before;
            } catch (RuntimeException e) {
                feed.stopReading();
                if (catalog.isGone(feed.id(), feed.partition())) {
                    // Its topic was deleted under the read: the next round finds out, and until then there are no
                    // records.
                    continue;
                }
                if (harvest.count == 0) {
                    throw explained(feed, e);
                }
                // What was brought in before is handed over first; the next poll meets the same record again.
                break;
            }
        }
        if (harvest.count == 0 && subscriptions.kind() == Subscriptions.Kind.CHOSEN) {
            subscriptions.feedsInTurn().stream().filter(Fetcher::isWanting).forEach(
                    feed -> catalog.requireOnline(feed.id()));
        }
        advancedOnly = advanced && harvest.count == 0;
        return harvest.count == 0 ? ConsumerRecords.empty() : handOver(harvest);
    }

    private static boolean isWanting(PartitionFeed feed) {
        return !feed.exists() && !feed.isPaused();
    }

    private void warnIfOffline(PartitionFeed feed) {
        if (isWanting(feed) && catalog.isOffline(feed.id()) && warned.add(feed.id())) {
            LOGGER.warn("{} is assigned and offline: this consumer reads its other partitions. Mend it, and open the"
                    + " directory again", feed.id());
        }
    }

    /**
     * Whether a position moved although there is nothing to hand over. As in Kafka the poll then returns: its caller
     * may be waiting for just that position.
     */
    boolean advancedOnly() {
        return advancedOnly;
    }

    private void take(PartitionFeed feed, Harvest<K, V> harvest) {
        feed.startReading(isolation);
        List<ConsumerRecord<K, V>> taken = new ArrayList<>();
        long bytes = 0;
        try {
            while (harvest.count < maxRecords && bytes < maxPartitionBytes && harvest.bytes + bytes < maxBytes
                    && feed.nextRecord()) {
                ConsumerRecord<K, V> record = decoder.decode(feed);
                feed.passRecord();
                taken.add(record);
                harvest.count++;
                bytes += Math.max(record.serializedKeySize(), 0) + Math.max(record.serializedValueSize(), 0);
            }
        } finally {
            harvest.bytes += bytes;
            if (!taken.isEmpty()) {
                harvest.records.put(feed.id(), taken);
                harvest.nextOffsets.put(feed.id(), new OffsetAndMetadata(feed.position(),
                        taken.get(taken.size() - 1).leaderEpoch(), ""));
                metrics.stands(feed.id(), feed.lag(isolation), feed.lead());
            }
        }
    }

    private static RuntimeException explained(PartitionFeed feed, RuntimeException cause) {
        boolean isUnreadable = cause instanceof CorruptBatchException
                || cause instanceof UnsupportedCompressionException;
        return isUnreadable
                ? new KafkaException("can't read on: partition=" + feed.id() + " position=" + feed.position()
                        + "; seek past the batch to go on", cause)
                : cause;
    }

    private ConsumerRecords<K, V> handOver(Harvest<K, V> harvest) {
        harvest.records.keySet().forEach(subscriptions::moveToEnd);
        metrics.fetched(harvest.count, harvest.bytes);
        return new ConsumerRecords<>(harvest.records, harvest.nextOffsets);
    }

    /**
     * Has the waiter woken by the next append to any partition that could be read from.
     *
     * @return whether there is something to read already, so that nobody should sleep
     */
    boolean listen() {
        boolean hasMore = false;
        for (PartitionFeed feed : subscriptions.feedsInTurn()) {
            if (feed.isFetchable()) {
                feed.listen();
                // Asked after listening: an advance in between would otherwise be missed.
                hasMore |= feed.hasMore();
            }
        }
        return hasMore;
    }
}
