package io.semel.client.consumer;

import java.util.List;

import org.apache.kafka.common.TopicPartition;

/** What a member was assigned, out of the bytes of Kafka's consumer protocol. */
public final class MemberAssignments {
    private MemberAssignments() {
    }

    /**
     * @throws org.apache.kafka.common.errors.SerializationException when the bytes are no assignment of that protocol
     */
    public static List<TopicPartition> decode(byte[] assignment) {
        return ConsumerProtocolCodec.decodeAssignment(assignment).partitions();
    }
}
