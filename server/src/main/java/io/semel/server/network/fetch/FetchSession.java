package io.semel.server.network.fetch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.semel.server.network.fetch.WantedPartition.Key;
import io.semel.wire.message.FetchRequestData;
import io.semel.wire.message.FetchRequestData.FetchPartition;
import io.semel.wire.message.FetchRequestData.FetchTopic;
import io.semel.wire.message.FetchRequestData.ForgottenTopic;

/**
 * What a client fetches again and again (KIP-227): it names the partitions once, then only what changed, and is told
 * only of partitions that have news. Each request bears the next epoch, so one that was lost, or comes twice, is noticed.
 *
 * <p>The partitions are in turn: whichever was given records goes behind all others, so none starves of the bytes of an
 * answer.
 *
 * <p>Thread rule: any thread, under this object's monitor, held for no longer than a walk over the partitions.
 */
final class FetchSession {
    /** Of a request that opens a session. */
    static final int INITIAL_EPOCH = 0;
    /** Of a request that ends its session, or wants none. */
    static final int FINAL_EPOCH = -1;
    /** Stands for no session. */
    static final int NO_ID = 0;

    private final int id;
    private final Naming naming;
    private final long createdMs;
    private final Map<Key, WantedPartition> partitions;
    private int epoch = nextAfter(INITIAL_EPOCH);
    /** Under the monitor of {@link FetchSessions}. */
    private long usedMs;

    /** How requests of a version name topics; a session does not change it. */
    enum Naming {
        BY_NAME, BY_ID;

        static Naming of(short version) {
            return version < 13 ? BY_NAME : BY_ID;
        }
    }

    FetchSession(int id, Naming naming, long nowMs, Map<Key, WantedPartition> partitions) {
        this.id = id;
        this.naming = naming;
        this.createdMs = nowMs;
        this.usedMs = nowMs;
        this.partitions = partitions;
    }

    /** The partitions that a request names, in its order. */
    static Map<Key, WantedPartition> namedBy(FetchRequestData request) {
        Map<Key, WantedPartition> named = new LinkedHashMap<>();
        include(named, request.topics());
        return named;
    }

    private static void include(Map<Key, WantedPartition> partitions, List<FetchTopic> topics) {
        for (FetchTopic topic : topics) {
            for (FetchPartition asked : topic.partitions()) {
                Key key = new Key(topic.topic(), topic.topicId(), asked.partition());
                WantedPartition known = partitions.get(key);
                if (known == null) {
                    partitions.put(key, new WantedPartition(key, asked));
                } else {
                    known.ask(asked);
                }
            }
        }
    }

    /** What follows the largest epoch is 1: 0 opens a session. */
    static int nextAfter(int epoch) {
        return epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    int id() {
        return id;
    }

    Naming naming() {
        return naming;
    }

    long createdMs() {
        return createdMs;
    }

    long usedMs() {
        return usedMs;
    }

    void useAt(long nowMs) {
        usedMs = nowMs;
    }

    synchronized int size() {
        return partitions.size();
    }

    /** Takes a request of this epoch in: from then on the next one is expected. False when another one is. */
    synchronized boolean advance(FetchRequestData request) {
        if (epoch != request.sessionEpoch()) {
            return false;
        }
        epoch = nextAfter(epoch);
        include(partitions, request.topics());
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                partitions.remove(new Key(topic.topic(), topic.topicId(), partition));
            }
        }
        return true;
    }

    /** Those whose turn it is first. */
    synchronized List<WantedPartition> inTurn() {
        return new ArrayList<>(partitions.values());
    }

    /**
     * What the client must be told of what was found; null when another request came in between, and this answer would
     * confuse the two.
     *
     * @param requestEpoch of the request that is answered
     */
    synchronized List<FetchedPartition> news(List<FetchedPartition> found, int requestEpoch) {
        if (epoch != nextAfter(requestEpoch)) {
            return null;
        }
        List<FetchedPartition> news = new ArrayList<>();
        for (FetchedPartition each : found) {
            if (each.wanted().isNews(each)) {
                news.add(each);
            }
            if (each.lengthBytes() > 0) {
                toTheEnd(each.wanted().key());
            }
        }
        return news;
    }

    private void toTheEnd(Key key) {
        WantedPartition moved = partitions.remove(key);
        if (moved != null) {
            partitions.put(key, moved);
        }
    }
}
