package io.semel.server.network.fetch;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** ListOffsets, OffsetForLeaderEpoch and DeleteRecords, in every version and by Kafka's admin client. */
class OffsetApisTest {
    private static final long EARLIEST = -2;
    private static final long LATEST = -1;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    @TempDir
    Path directory;

    @Test
    void everyVersionListsWhatItKnowsOf() throws Exception {
        try (OpenServer open = OpenServer.in(directory);
                Owner owner = new Owner(open.semel());
                WireClient client = WireClient
                        .to(open.server().port())) {
            open.semel().admin().createTopic("orders", 1, Map.of());
            owner.writeAt("orders", 0, 500, "a");
            owner.writeAt("orders", 0, 900, "b");
            owner.writeAt("orders", 0, 700, "c");
            for (int version = 1; version <= ListOffsetsRequestData.HIGHEST_SUPPORTED_VERSION; version++) {
                assertEquals(0, list(client, version, EARLIEST).offset());
                assertEquals(3, list(client, version, LATEST).offset());
                assertEquals(1, list(client, version, 600).offset());
                assertEquals(900, list(client, version, 600).timestamp());
                assertEquals(-1, list(client, version, 901).offset());
                expect(client, version, 7, MAX_TIMESTAMP, 1);
                expect(client, version, 8, EARLIEST_LOCAL, 0);
                expect(client, version, 9, LATEST_TIERED, -1);
                expect(client, version, 11, EARLIEST_PENDING_UPLOAD, -1);
                expect(client, version, 99, -7, -1);
            }
        }
    }

    private static void expect(WireClient client, int version, int since, long timestamp, long offset)
            throws IOException {
        ListOffsetsPartitionResponse told = list(client, version, timestamp);
        assertEquals(version < since ? Errors.UNSUPPORTED_VERSION : Errors.NONE, Errors.forCode(told.errorCode()),
                timestamp + " in version " + version);
        assertEquals(version < since ? -1 : offset, told.offset());
    }

    private static ListOffsetsPartitionResponse list(WireClient client, int version, long timestamp)
            throws IOException {
        ListOffsetsResponseData told = client.ask(ApiKeys.LIST_OFFSETS, version, listing(new ListOffsetsPartition()
                .setTimestamp(timestamp)));
        return told.topics().get(0).partitions().get(0);
    }

    private static ListOffsetsRequestData listing(ListOffsetsPartition... partitions) {
        return new ListOffsetsRequestData().setReplicaId(-1).setTopics(List.of(new ListOffsetsTopic().setName("orders")
                .setPartitions(List.of(partitions))));
    }

    @Test
    void whatCantBeListedIsToldByKafkasCodes() throws Exception {
        try (OpenServer open = OpenServer.in(directory); WireClient client = WireClient.to(open.server().port())) {
            open.semel().admin().createTopic("orders", 3, Map.of());
            ListOffsetsResponseData told = client.ask(ApiKeys.LIST_OFFSETS, 11, listing(
                    new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(LATEST).setCurrentLeaderEpoch(7),
                    new ListOffsetsPartition().setPartitionIndex(1).setTimestamp(LATEST),
                    new ListOffsetsPartition().setPartitionIndex(1).setTimestamp(EARLIEST),
                    new ListOffsetsPartition().setPartitionIndex(5).setTimestamp(0)));
            assertEquals(List.of(Errors.UNKNOWN_LEADER_EPOCH, Errors.INVALID_REQUEST, Errors.INVALID_REQUEST,
                    Errors.UNKNOWN_TOPIC_OR_PARTITION), told.topics().get(0).partitions().stream().map(each -> Errors
                            .forCode(each.errorCode())).toList());
        }
    }

    @Test
    void anAdminFindsTheYoungestRecord() throws Exception {
        try (OpenServer open = OpenServer.in(directory);
                Owner owner = new Owner(open.semel());
                Admin admin = open
                        .admin()) {
            open.semel().admin().createTopic("orders", 1, Map.of());
            owner.writeAt("orders", 0, 900, "a");
            owner.writeAt("orders", 0, 700, "b");
            TopicPartition partition = new TopicPartition("orders", 0);
            ListOffsetsResultInfo found = admin.listOffsets(Map.of(partition, OffsetSpec.maxTimestamp()))
                    .partitionResult(
                            partition).get();
            assertEquals(0, found.offset());
            assertEquals(900, found.timestamp());
        }
    }

    @Test
    void anEpochEndsWhereACrashCutIt() throws Exception {
        Path killed = directory.resolve("killed");
        try (OpenServer open = OpenServer.in(directory.resolve("alive")); Owner owner = new Owner(open.semel())) {
            open.semel().admin().createTopic("orders", 1, Map.of("segment.bytes", "65536"));
            owner.write("orders", 0, Owner.values("v", 300, 1_000));
            copy(directory.resolve("alive"), killed);
        }
        try (OpenServer open = OpenServer.in(killed);
                Owner owner = new Owner(open.semel());
                WireClient client = WireClient.to(
                        open.server().port())) {
            int epoch = owner.partition("orders", 0).log().leaderEpoch();
            owner.write("orders", 0, Owner.values("w", 200, 1_000));
            for (int version = OffsetForLeaderEpochRequestData.LOWEST_SUPPORTED_VERSION;
                    version <= OffsetForLeaderEpochRequestData.HIGHEST_SUPPORTED_VERSION; version++) {
                assertEquals(end(epoch - 1, 300), epochEnd(client, version, -1, epoch - 1));
                assertEquals(end(epoch, 500), epochEnd(client, version, epoch, epoch));
                assertEquals(end(-1, -1), epochEnd(client, version, -1, epoch + 1));
                assertEquals(end(-1, -1), epochEnd(client, version, -1, -1));
                assertEquals(end(-1, -1).setErrorCode(Errors.FENCED_LEADER_EPOCH.code()), epochEnd(client, version,
                        epoch - 1, epoch));
                assertEquals(end(-1, -1).setErrorCode(Errors.UNKNOWN_LEADER_EPOCH.code()), epochEnd(client, version,
                        epoch + 1, epoch));
            }
            FetchRequestData fetch = new FetchRequestData().setTopics(List.of(new FetchTopic().setTopic("orders")
                    .setPartitions(List.of(new FetchPartition().setCurrentLeaderEpoch(epoch - 1)))));
            FetchResponseData fenced = client.ask(ApiKeys.FETCH, 12, fetch);
            assertEquals(Errors.FENCED_LEADER_EPOCH.code(), fenced.responses().get(0).partitions().get(0).errorCode());
        }
    }

    private static EpochEndOffset end(int epoch, long offset) {
        return new EpochEndOffset().setLeaderEpoch(epoch).setEndOffset(offset);
    }

    private static EpochEndOffset epochEnd(WireClient client, int version, int currentEpoch, int epoch)
            throws IOException {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        request.topics().add(new OffsetForLeaderTopic().setTopic("orders").setPartitions(List.of(
                new OffsetForLeaderPartition().setCurrentLeaderEpoch(currentEpoch).setLeaderEpoch(epoch))));
        OffsetForLeaderEpochResponseData told = client.ask(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version, request);
        return told.topics().find("orders").partitions().get(0);
    }

    /** As it would be found after kill -9. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(each)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Files.copy(each, to.resolve(from.relativize(each)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void everyVersionDeletesRecords() throws Exception {
        try (OpenServer open = OpenServer.in(directory);
                Owner owner = new Owner(open.semel());
                WireClient client = WireClient
                        .to(open.server().port())) {
            open.semel().admin().createTopic("orders", 1, Map.of());
            owner.write("orders", 0, Owner.values("v", 10, 10));
            for (int version = 0; version <= DeleteRecordsRequestData.HIGHEST_SUPPORTED_VERSION; version++) {
                DeleteRecordsResponseData told = client.ask(ApiKeys.DELETE_RECORDS, version,
                        new DeleteRecordsRequestData().setTopics(List.of(new DeleteRecordsTopic().setName("orders")
                                .setPartitions(List.of(new DeleteRecordsPartition().setOffset(3 + version))))));
                assertEquals(3 + version, told.topics().find("orders").partitions().find(0).lowWatermark());
            }
            assertEquals(5, owner.partition("orders", 0).startOffset());
        }
    }

    @Test
    void whatCantBeDeletedIsToldByKafkasCodes() throws Exception {
        try (OpenServer open = OpenServer.in(directory);
                Owner owner = new Owner(open.semel());
                Admin admin = open
                        .admin()) {
            open.semel().admin().createTopic("orders", 1, Map.of());
            open.semel().admin().createTopic("table", 1, Map.of("cleanup.policy", "compact"));
            owner.write("orders", 0, "a", "b");
            assertEquals(2, admin.deleteRecords(Map.of(new TopicPartition("orders", 0), RecordsToDelete.beforeOffset(
                    -1))).lowWatermarks().get(new TopicPartition("orders", 0)).get().lowWatermark());
            expectDeletion(admin, "orders", 0, 3, OffsetOutOfRangeException.class);
            expectDeletion(admin, "table", 0, 0, PolicyViolationException.class);
            expectDeletion(admin, "__transaction_state", 0, 0, InvalidTopicException.class);
            assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, errorOfUnknown(open));
        }
    }

    private static void expectDeletion(Admin admin, String topic, int index, long offset,
            Class<? extends Exception> expected) {
        TopicPartition partition = new TopicPartition(topic, index);
        ExecutionException failure = assertThrows(ExecutionException.class, () -> admin.deleteRecords(Map.of(partition,
                RecordsToDelete.beforeOffset(offset))).all().get());
        assertInstanceOf(expected, failure.getCause());
    }

    private static Errors errorOfUnknown(OpenServer open) throws IOException {
        try (WireClient client = WireClient.to(open.server().port())) {
            DeleteRecordsResponseData told = client.ask(ApiKeys.DELETE_RECORDS, 2, new DeleteRecordsRequestData()
                    .setTopics(List.of(new DeleteRecordsTopic().setName("nothing").setPartitions(List.of(
                            new DeleteRecordsPartition())))));
            return Errors.forCode(told.topics().find("nothing").partitions().find(0).errorCode());
        }
    }
}
