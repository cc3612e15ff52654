package io.semel.server.network.fetch;

import io.semel.wire.Uuid;
import io.semel.wire.message.FetchRequestData.FetchPartition;

/**
 * A partition that a client fetches, and what it was told of it last: in a session that outlives the request.
 *
 * <p>Thread rule: the event loop of the connection that fetches; a session's belong to whoever holds its lock.
 */
final class WantedPartition {
    /** Nothing was told: whatever is found is news. */
    private static final long UNTOLD = -2;

    private final Key key;
    private int currentLeaderEpoch;
    private long fetchOffset;
    private int maxBytes;
    private long toldHighWatermark = UNTOLD;
    private long toldStableOffset = UNTOLD;
    private long toldStartOffset = UNTOLD;

    /**
     * How requests name a partition.
     *
     * @param topic   empty in versions that name topics by id
     * @param topicId {@link Uuid#ZERO_UUID} in those that name them by name
     */
    record Key(String topic, Uuid topicId, int partition) {
        boolean isOfTopic(Key other) {
            return topicId.equals(other.topicId) && topic.equals(other.topic);
        }
    }

    WantedPartition(Key key, FetchPartition asked) {
        this.key = key;
        ask(asked);
    }

    void ask(FetchPartition asked) {
        currentLeaderEpoch = asked.currentLeaderEpoch();
        fetchOffset = asked.fetchOffset();
        maxBytes = asked.partitionMaxBytes();
    }

    Key key() {
        return key;
    }

    /** As the client knows it; -1 when it does not. */
    int currentLeaderEpoch() {
        return currentLeaderEpoch;
    }

    long fetchOffset() {
        return fetchOffset;
    }

    int maxBytes() {
        return maxBytes;
    }

    /**
     * Takes note of what the client is about to be told, unless that is nothing new: then it need not be told. An error
     * is news each time, and whatever follows it.
     */
    boolean isNews(FetchedPartition found) {
        boolean isNews = !found.isSound() || found.lengthBytes() > 0 || found.highWatermark() != toldHighWatermark
                || found.stableOffset() != toldStableOffset || found.startOffset() != toldStartOffset;
        toldHighWatermark = found.isSound() ? found.highWatermark() : UNTOLD;
        toldStableOffset = found.stableOffset();
        toldStartOffset = found.startOffset();
        return isNews;
    }
}
