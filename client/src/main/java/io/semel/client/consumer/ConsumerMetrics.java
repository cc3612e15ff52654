package io.semel.client.consumer;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;

import io.semel.client.runtime.ClientMetrics;
import io.semel.client.runtime.Meter;

/**
 * Kafka's consumer metrics that mean the same without a network. What Kafka counts by fetch request is counted by the
 * polls that brought records: nothing is fetched ahead of them.
 *
 * <p>Thread rule: any thread may look; the polling thread writes, and the conductor its heartbeats.
 */
final class ConsumerMetrics {
    private static final long NEVER = Long.MIN_VALUE;
    private static final double SECONDS_PER_HOUR = 3_600;

    private final Meter recordsFetched = new Meter();
    private final Meter bytesFetched = new Meter();
    private final Meter lags = new Meter();
    private final Meter leads = new Meter();
    private final Meter commitNs = new Meter();
    private final Meter commitSyncNs = new Meter();
    private final Meter committedNs = new Meter();
    private final Meter joins = new Meter();
    private final Meter syncs = new Meter();
    private final Meter rebalanceNs = new Meter();
    private final Meter failedRebalances = new Meter();
    private final Meter heartbeats = new Meter();
    private final Meter betweenPollsNs = new Meter();
    private final Meter inPollsNs = new Meter();
    private final Map<TopicPartition, Standing> standings = new ConcurrentHashMap<>();
    private final ClientMetrics metrics;
    private final ClientMetrics.Group fetching;
    private volatile int assignedPartitions;
    private volatile long lastPollNs = NEVER;
    private volatile long lastHeartbeatNs = NEVER;
    private volatile long lastRebalanceNs = NEVER;

    /** How far behind the end and ahead of the start the consumer stood when it last took records. */
    private static final class Standing {
        final ClientMetrics.Group shown;
        volatile long lag;
        volatile long lead;

        Standing(ClientMetrics.Group shown) {
            this.shown = shown;
        }
    }

    ConsumerMetrics(String clientId) {
        metrics = new ClientMetrics(clientId);
        fetching = metrics.group("consumer-fetch-manager-metrics");
        showFetching();
        showCoordination();
        showPolling();
    }

    private void showFetching() {
        fetching.amounts("records-consumed", "records consumed", recordsFetched)
                .amounts("bytes-consumed", "bytes consumed, of keys and values", bytesFetched)
                .times("fetch", "polls that brought records", recordsFetched)
                .sizes("fetch-size", "number of bytes of keys and values that a poll brought", bytesFetched)
                .gauge("records-per-request-avg", "The average number of records that a poll brought",
                        recordsFetched::average)
                .gauge("records-lag-max", "The largest lag of any partition, of late", lags::max)
                .gauge("records-lead-min", "The smallest lead of any partition, of late", () -> -leads.max());
    }

    private void showCoordination() {
        metrics.group("consumer-coordinator-metrics")
                .gauge("assigned-partitions", "The number of partitions assigned", () -> assignedPartitions)
                .times("commit", "commits answered", commitNs).latencies("commit-latency", "time of a commit", commitNs)
                .times("join", "joins of the group", joins).times("sync", "syncs with the group", syncs)
                .gauge("rebalance-total", "The total number of rebalances completed", rebalanceNs::times)
                .gauge("rebalance-rate-per-hour", "The number of rebalances completed per hour",
                        () -> rebalanceNs.timesPerSecond() * SECONDS_PER_HOUR)
                .gauge("rebalance-latency-total", "The total time of rebalances in ms",
                        () -> rebalanceNs.total() / TimeUnit.MILLISECONDS.toNanos(1))
                .latencies("rebalance-latency", "time of a rebalance", rebalanceNs)
                .gauge("failed-rebalance-total", "The total number of joins and syncs refused",
                        failedRebalances::times)
                .gauge("failed-rebalance-rate-per-hour", "The number of joins and syncs refused per hour",
                        () -> failedRebalances.timesPerSecond() * SECONDS_PER_HOUR)
                .gauge("last-rebalance-seconds-ago", "Seconds since the last rebalance", () -> ago(lastRebalanceNs))
                .times("heartbeat", "heartbeats", heartbeats)
                .gauge("last-heartbeat-seconds-ago", "Seconds since the last heartbeat", () -> ago(lastHeartbeatNs));
    }

    private void showPolling() {
        metrics.group("consumer-metrics").latencies("time-between-poll", "time between two polls", betweenPollsNs)
                .gauge("last-poll-seconds-ago", "Seconds since the last poll", () -> ago(lastPollNs))
                .gauge("poll-idle-ratio-avg", "The part of the time that is spent in polls",
                        () -> inPollsNs.perSecond() / betweenPollsNs.perSecond())
                .callTime("commit-sync", "commitSync", commitSyncNs).callTime("committed", "committed", committedNs);
    }

    /** As Kafka has it: whole seconds, and -1 for never. */
    private static double ago(long eventNs) {
        return eventNs == NEVER ? -1 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - eventNs);
    }

    Map<MetricName, Metric> all() {
        return metrics.view();
    }

    void fetched(int records, long bytes) {
        recordsFetched.add(records);
        bytesFetched.add(bytes);
    }

    void stands(TopicPartition id, long lag, long lead) {
        Standing standing = standings.computeIfAbsent(id, this::show);
        standing.lag = lag;
        standing.lead = lead;
        lags.add(lag);
        leads.add(-lead);
    }

    private Standing show(TopicPartition id) {
        Standing standing = new Standing(fetching.tagged(Map.of("topic", id.topic(), "partition",
                String.valueOf(id.partition()))));
        standing.shown.gauge("records-lag", "Records between the position and the end", () -> standing.lag)
                .gauge("records-lead", "Records between the start and the position", () -> standing.lead);
        return standing;
    }

    /** What is shown of partitions that are not assigned any more goes. */
    void assigned(Set<TopicPartition> partitions) {
        assignedPartitions = partitions.size();
        standings.entrySet().removeIf(entry -> {
            boolean isGone = !partitions.contains(entry.getKey());
            if (isGone) {
                entry.getValue().shown.remove();
            }
            return isGone;
        });
    }

    void polled(long startNs, long endNs) {
        long before = lastPollNs;
        if (before != NEVER) {
            betweenPollsNs.add(startNs - before);
        }
        inPollsNs.add(endNs - startNs);
        lastPollNs = startNs;
    }

    void commitAnswered(long sinceNs) {
        commitNs.add(System.nanoTime() - sinceNs);
    }

    void commitSyncEnds(long sinceNs) {
        commitSyncNs.add(System.nanoTime() - sinceNs);
    }

    void committedEnds(long sinceNs) {
        committedNs.add(System.nanoTime() - sinceNs);
    }

    void joined() {
        joins.add(1);
    }

    void synced() {
        syncs.add(1);
    }

    void rebalanced(long sinceNs) {
        long nowNs = System.nanoTime();
        rebalanceNs.add(nowNs - sinceNs);
        lastRebalanceNs = nowNs;
    }

    void rebalanceRefused() {
        failedRebalances.add(1);
    }

    void beat() {
        heartbeats.add(1);
        lastHeartbeatNs = System.nanoTime();
    }
}
