package io.semel.server;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;

import io.semel.client.SemelAdmin;

/** A topic, or some partitions of it, as Kafka's tools write it: {@code orders} or {@code orders:0,2}. Immutable. */
public record PartitionArgument(String topic, List<Integer> partitions) {
    public static PartitionArgument parse(String given) {
        int colon = given.indexOf(':');
        if (colon < 0) {
            return new PartitionArgument(given, List.of());
        }
        List<Integer> partitions = new ArrayList<>();
        for (String part : given.substring(colon + 1).split(",", -1)) {
            try {
                partitions.add(Integer.parseUnsignedInt(part.trim()));
            } catch (NumberFormatException e) {
                throw new UsageException("no partition: \"" + part + "\" in " + given
                        + "; write TOPIC, TOPIC:0 or TOPIC:0,2", e);
            }
        }
        return new PartitionArgument(given.substring(0, colon), List.copyOf(partitions));
    }

    /**
     * The partitions that it names, all of the topic's when it names none; one that there is not is the user's mistake.
     */
    List<TopicPartition> existing(SemelAdmin admin) {
        return existing(admin.describeTopic(topic).partitions().size());
    }

    /** As {@link #existing(SemelAdmin)}, of a topic with so many partitions. */
    public List<TopicPartition> existing(int partitionCount) {
        for (int partition : partitions) {
            if (partition < 0 || partition >= partitionCount) {
                throw new UsageException("no such partition: " + topic + '-' + partition
                        + "; the topic has partitions 0.." + (partitionCount - 1));
            }
        }
        IntStream numbers = partitions.isEmpty()
                ? IntStream.range(0, partitionCount)
                : partitions.stream().mapToInt(Integer::intValue).distinct().sorted();
        return numbers.mapToObj(number -> new TopicPartition(topic, number)).toList();
    }
}
