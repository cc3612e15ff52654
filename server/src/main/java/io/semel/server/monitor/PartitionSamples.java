package io.semel.server.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.groups.CommittedOffset;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupDescription;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;

/**
 * Where each partition stands, and how far behind each group is.
 *
 * <p>Thread rule: one thread that may wait.
 */
final class PartitionSamples {
    /** A scrape that is larger helps nobody: past this, groups are left away. */
    private static final int MAX_GROUP_SAMPLES = 10_000;

    /** Committed offsets are answered when all that was claimed before is applied: a moment. */
    private static final long PATIENCE_MS = 1_000;

    private final List<Partition> partitions = new ArrayList<>();
    private final Broker broker;

    private record GroupSample(Map<String, String> tags, long lag) {
    }

    PartitionSamples(Broker broker) {
        this.broker = broker;
        broker.topics().stream().filter(topic -> !topic.isInternal()).forEach(topic -> partitions.addAll(topic
                .partitions()));
    }

    static long stableLag(Partition partition) {
        long stable = partition.stableOffset();
        return Math.max(0, partition.readableOffset() - stable);
    }

    void addTo(PrometheusText text) {
        for (Partition each : partitions) {
            text.sample("kafka_log_log_logstartoffset", "gauge", "First offset of a partition.", tags(each), each
                    .startOffset());
        }
        for (Partition each : partitions) {
            text.sample("kafka_log_log_logendoffset", "gauge", "Offset after the last readable record.", tags(each),
                    each.readableOffset());
        }
        for (Partition each : partitions) {
            text.sample("io_semel_partition_stable_lag", "gauge", "Records behind the last stable offset.", tags(each),
                    stableLag(each));
        }
        for (GroupSample each : groups()) {
            text.sample("io_semel_group_lag", "gauge", "Records that a group has not committed.", each.tags, each.lag);
        }
    }

    private static Map<String, String> tags(Partition partition) {
        return Map.of("topic", partition.id().topic(), "partition", Integer.toString(partition.id().partition()));
    }

    private List<GroupSample> groups() {
        List<GroupSample> samples = new ArrayList<>();
        for (GroupDescription.Listing group : broker.groups().list()) {
            for (FetchedOffset each : committed(group.groupId())) {
                addLag(samples, group.groupId(), each);
            }
            if (samples.size() >= MAX_GROUP_SAMPLES) {
                break;
            }
        }
        return samples;
    }

    private void addLag(List<GroupSample> samples, String group, FetchedOffset fetched) {
        PartitionId id = new PartitionId(fetched.partition().topic(), fetched.partition().partition());
        Partition partition = broker.findPartition(id);
        if (partition == null || fetched.error() != GroupError.NONE || fetched.committed() == CommittedOffset.NONE) {
            return;
        }
        samples.add(new GroupSample(Map.of("group", group, "topic", id.topic(), "partition", Integer.toString(id
                .partition())), Math.max(0, partition.stableOffset() - fetched.committed().offset())));
    }

    private List<FetchedOffset> committed(String group) {
        CompletableFuture<FetchResult> answer = new CompletableFuture<>();
        broker.groups().fetchAll(group, Stability.ANY, answer::complete);
        try {
            return answer.get(PATIENCE_MS, TimeUnit.MILLISECONDS).offsets();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }
}
