package io.semel.client.consumer;

import java.util.List;

import org.apache.kafka.common.TopicPartition;

/** What a member was assigned, out of the bytes of Kafka's consumer protocol. */
public final class MemberAssignments {
    private MemberAssignments() {
    }

    public static List<TopicPartition> decode(byte[] assignment) {
        return List.of();
    }
}
