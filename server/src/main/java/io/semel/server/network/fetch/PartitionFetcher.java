package io.semel.server.network.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.CorruptBatchException;
import io.semel.server.network.fetch.WantedPartition.Key;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Peer;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionSpan;
import io.semel.wire.Uuid;
import io.semel.wire.protocol.Errors;

/**
 * Looks into the partitions that one request wants, as Kafka's broker does: in their order, as far as the bytes of the
 * answer go. The first that has anything gives at least a batch, however large, so that every client gets on.
 *
 * <p>Thread rule: one event loop. It waits for no disk, but may meet a page that is not in memory.
 */
final class PartitionFetcher {
    private static final Logger LOGGER = LoggerFactory.getLogger(PartitionFetcher.class);

    private final Served served;
    private final Peer peer;
    private final Isolation isolation;
    private final int maxBytes;

    PartitionFetcher(Served served, Peer peer, Isolation isolation, int maxBytes) {
        this.served = served;
        this.peer = peer;
        this.isolation = isolation;
        this.maxBytes = maxBytes;
    }

    /** One for each that is wanted, in the same order; spans that nobody takes are to be released. */
    List<FetchedPartition> fetch(List<WantedPartition> wanted) {
        List<FetchedPartition> found = new ArrayList<>(wanted.size());
        int bytesLeft = maxBytes;
        PartitionSpan.Least least = PartitionSpan.Least.ONE_BATCH;
        boolean done = false;
        try {
            for (int index = 0; index < wanted.size(); index++) {
                FetchedPartition next = fetch(wanted.get(index), bytesLeft, least);
                found.add(next);
                if (next.lengthBytes() > 0) {
                    bytesLeft = Math.max(0, bytesLeft - next.lengthBytes());
                    least = PartitionSpan.Least.NOTHING;
                }
            }
            done = true;
            return found;
        } finally {
            if (!done) {
                found.forEach(FetchedPartition::release);
            }
        }
    }

    private FetchedPartition fetch(WantedPartition wanted, int bytesLeft, PartitionSpan.Least least) {
        FoundPartition found = find(wanted.key()).knownAt(wanted.currentLeaderEpoch());
        if (!found.isSound()) {
            return FetchedPartition.refused(wanted, found.error());
        }
        Partition partition = found.partition();
        long offset = wanted.fetchOffset();
        if (offset < partition.startOffset() || offset > partition.log().claimedOffset()) {
            return FetchedPartition.refused(wanted, Errors.OFFSET_OUT_OF_RANGE);
        }
        PartitionSpan span;
        try {
            span = partition.span(offset, Math.min(bytesLeft, wanted.maxBytes()), least, isolation);
        } catch (CorruptBatchException e) {
            LOGGER.error("{} can't be read at offset {}: {}", partition.id(), offset, e.getMessage());
            return FetchedPartition.refused(wanted, Errors.CORRUPT_MESSAGE);
        } catch (IllegalStateException e) {
            FoundPartition again = find(wanted.key());
            if (again.partition() == partition) {
                throw e;
            }
            // Deleted since it was found, and closed.
            return FetchedPartition.refused(wanted, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        long start = partition.startOffset();
        if (offset < start) {
            // Given up during the walk: what is aborted there may not have been listed any more (T9).
            span.release();
            return FetchedPartition.refused(wanted, Errors.OFFSET_OUT_OF_RANGE);
        }
        return FetchedPartition.found(wanted, partition, isolation, span, start);
    }

    /** Whether a partition is still what the client means, and in service. */
    boolean isStill(FetchedPartition found) {
        return find(found.wanted().key()).partition() == found.partition();
    }

    private FoundPartition find(Key key) {
        if (key.topicId().equals(Uuid.ZERO_UUID)) {
            return FoundPartition.named(served, peer, Operation.READ, key.topic(), key.partition());
        }
        Optional<Topic> topic = served.broker().findTopic(TopicIds.ours(key.topicId()));
        if (topic.isEmpty()) {
            return FoundPartition.refused(Errors.UNKNOWN_TOPIC_ID);
        }
        return served.authorizer().allows(peer, Operation.READ, Resource.TOPIC, topic.get().name())
                ? FoundPartition.in(topic.get(), key.partition())
                : FoundPartition.refused(Errors.TOPIC_AUTHORIZATION_FAILED);
    }
}
