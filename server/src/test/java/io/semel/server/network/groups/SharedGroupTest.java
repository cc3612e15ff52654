package io.semel.server.network.groups;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** One group with members in the owner's process and members behind the port. */
class SharedGroupTest {
    private static final int PARTITIONS = 4;

    @TempDir
    Path directory;

    private OpenServer open;
    private Company company;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("t", PARTITIONS, Map.of());
        company = new Company(open, "g", "t");
    }

    @AfterEach
    void close() throws Exception {
        company.close();
        open.close();
    }

    @Test
    void bothSidesShareThePartitionsWhoeverLeads() {
        Consumer<byte[], byte[]> embedded = company.embedded(Map.of());
        company.awaitSharing(PARTITIONS);
        Consumer<byte[], byte[]> remote = company.remote(Map.of());
        company.awaitSharing(PARTITIONS);
        assertEquals(embedded.groupMetadata().generationId(), remote.groupMetadata().generationId());
        // The embedded one led. Now the remote one does, and an embedded newcomer follows it.
        company.leave(embedded);
        company.awaitSharing(PARTITIONS);
        company.embedded(Map.of());
        company.awaitSharing(PARTITIONS);
        company.leave(remote);
        company.awaitSharing(PARTITIONS);
    }

    @Test
    void eachSideGoesOnWhereTheOtherCommitted() {
        Consumer<byte[], byte[]> remote = company.remote(Map.of());
        Consumer<byte[], byte[]> embedded = company.embedded(Map.of());
        company.awaitSharing(PARTITIONS);
        TopicPartition ofRemote = remote.assignment().iterator().next();
        TopicPartition ofEmbedded = embedded.assignment().iterator().next();
        remote.commitSync(Map.of(ofRemote, new OffsetAndMetadata(11)));
        embedded.commitSync(Map.of(ofEmbedded, new OffsetAndMetadata(22)));
        Map<TopicPartition, OffsetAndMetadata> both = Map.of(ofRemote, new OffsetAndMetadata(11), ofEmbedded,
                new OffsetAndMetadata(22));
        assertEquals(both, remote.committed(both.keySet()));
        assertEquals(both, embedded.committed(both.keySet()));
    }

    @Test
    void theOwnersMembersGoOnWhenTheDoorClosesBeforeAParkedJoin() throws Exception {
        Consumer<byte[], byte[]> embedded = company.embedded(Map.of());
        company.awaitSharing(PARTITIONS);
        try (WireClient parked = WireClient.to(open.server().port())) {
            JoinGroupRequestData join = new JoinGroupRequestData().setGroupId("g").setProtocolType("consumer")
                    .setSessionTimeoutMs(10_000).setRebalanceTimeoutMs(10_000);
            ByteBuffer subscription = ConsumerProtocol.serializeSubscription(new Subscription(List.of("t")));
            join.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(subscription.array()));
            parked.send(ApiKeys.JOIN_GROUP, 3, join);
            int members = 0;
            while (members < 2) {
                members = open.semel().admin().describeGroup("g").members().size();
            }
            open.server().close();
            // Its leaving completes the join that is parked, and nobody is there to take the answer.
            company.leave(embedded);
        }
        assertEquals(1, open.semel().admin().describeGroup("g").members().size());
    }
}
