package io.semel.server.network.fetch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Fetch, message by message: versions, errors, bytes, waiting and sessions. */
class FetchApiTest {
    private static final int NEWEST = FetchRequestData.HIGHEST_SUPPORTED_VERSION;
    private static final int LAST_WITH_NAMES = 12;
    /** Longer than a client waits for an answer: whoever is not woken has failed. */
    private static final int FOR_EVER_MS = 600_000;
    private static final int MANY_BYTES = 1 << 20;

    @TempDir
    Path directory;

    private OpenServer open;
    private Owner owner;
    private WireClient client;

    @BeforeEach
    void open() throws IOException {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("orders", 4, Map.of());
        owner = new Owner(open.semel());
        client = WireClient.to(open.server().port());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        owner.close();
        open.close();
    }

    @Test
    void everyVersionReadsTheSame() throws Exception {
        owner.write("orders", 1, "a", "b", "c");
        for (int version = FetchRequestData.LOWEST_SUPPORTED_VERSION; version <= NEWEST; version++) {
            PartitionData told = only(ask(version, request(version, wanted(1, 1))));
            assertEquals(Errors.NONE.code(), told.errorCode());
            assertEquals(List.of("b", "c"), values(told, 1), "version " + version);
            assertEquals(3, told.highWatermark());
            assertEquals(3, told.lastStableOffset());
        }
    }

    @Test
    void whatIsNotThereIsToldByKafkasCodes() throws Exception {
        owner.write("orders", 0, "a", "b");
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, error(LAST_WITH_NAMES, wanted(9, 0)));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, error(NEWEST, wanted(-1, 0)));
        FetchRequestData unknownName = request(LAST_WITH_NAMES, wanted(0, 0));
        unknownName.topics().get(0).setTopic("nothing");
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), only(ask(LAST_WITH_NAMES, unknownName)).errorCode());
        FetchRequestData unknownId = request(NEWEST, wanted(0, 0));
        unknownId.topics().get(0).setTopicId(Uuid.randomUuid());
        assertEquals(Errors.UNKNOWN_TOPIC_ID.code(), only(ask(NEWEST, unknownId)).errorCode());
        assertEquals(Errors.OFFSET_OUT_OF_RANGE, error(NEWEST, wanted(0, 3)));
        assertEquals(Errors.OFFSET_OUT_OF_RANGE, error(NEWEST, wanted(0, -1)));
        assertEquals(Errors.NONE, error(NEWEST, wanted(0, 2)));
        owner.partition("orders", 0).deleteRecordsBefore(1);
        assertEquals(Errors.OFFSET_OUT_OF_RANGE, error(NEWEST, wanted(0, 0)));
        assertEquals(1, only(ask(NEWEST, request(NEWEST, wanted(0, 1)))).logStartOffset());
    }

    @Test
    void whoKnowsAnotherLeaderEpochIsRefused() throws Exception {
        int epoch = owner.partition("orders", 0).log().leaderEpoch();
        assertEquals(Errors.NONE, error(NEWEST, wanted(0, 0).setCurrentLeaderEpoch(epoch)));
        assertEquals(Errors.UNKNOWN_LEADER_EPOCH, error(NEWEST, wanted(0, 0).setCurrentLeaderEpoch(epoch + 1)));
    }

    @Test
    void internalTopicsCanBeRead() throws Exception {
        FetchRequestData request = request(LAST_WITH_NAMES, wanted(0, 0));
        request.topics().get(0).setTopic("__transaction_state");
        assertTrue(only(ask(LAST_WITH_NAMES, request)).records().sizeInBytes() > 0);
    }

    /** Row 14 (redpanda 6630). */
    @Test
    void onlyWhoReadsCommittedGetsTheAbortedTransactions() throws Exception {
        owner.write("orders", 0, "plain");
        owner.writeInTransaction("orders", 0, "aborted");
        owner.abort();
        owner.writeInTransaction("orders", 0, "open");
        PartitionData all = only(ask(NEWEST, request(NEWEST, wanted(0, 0))));
        assertNull(all.abortedTransactions());
        assertEquals(List.of("plain", "aborted", "open"), values(all, 0));
        assertEquals(3, all.lastStableOffset());
        assertEquals(4, all.highWatermark());
        PartitionData committed = only(ask(NEWEST, request(NEWEST, wanted(0, 0)).setIsolationLevel((byte) 1)));
        assertEquals(1, committed.abortedTransactions().size());
        assertEquals(1, committed.abortedTransactions().get(0).firstOffset());
        assertEquals(List.of("plain", "aborted"), values(committed, 0), "the client leaves it out");
        PartitionData behind = only(ask(NEWEST, request(NEWEST, wanted(0, 2)).setIsolationLevel((byte) 1)));
        assertEquals(List.of(), behind.abortedTransactions(), "the marker alone needs no list");
        owner.abort();
    }

    @Test
    void theFirstPartitionThatHasAnythingGivesABatchHoweverLarge() throws Exception {
        owner.write("orders", 1, Owner.values("large", 2, 10_000));
        owner.write("orders", 2, "small");
        FetchResponseData told = ask(NEWEST, request(NEWEST, wanted(0, 0), wanted(1, 0).setPartitionMaxBytes(1),
                wanted(2, 0).setPartitionMaxBytes(1)));
        List<PartitionData> partitions = told.responses().get(0).partitions();
        assertEquals(List.of(0, 1, 2), partitions.stream().map(PartitionData::partitionIndex).toList());
        assertEquals(0, partitions.get(0).records().sizeInBytes());
        assertEquals(1, values(partitions.get(1), 0).size());
        assertEquals(0, partitions.get(2).records().sizeInBytes());
    }

    @Test
    void anAnswerIsNoLargerThanAsked() throws Exception {
        for (int partition = 0; partition < 4; partition++) {
            owner.write("orders", partition, Owner.values("v", 20, 1_000));
        }
        FetchRequestData request = request(NEWEST, wanted(0, 0), wanted(1, 0), wanted(2, 0), wanted(3, 0)).setMaxBytes(
                30_000);
        int bytes = ask(NEWEST, request).responses().get(0).partitions().stream().mapToInt(each -> each.records()
                .sizeInBytes()).sum();
        assertTrue(bytes > 20_000 && bytes <= 30_000, () -> bytes + " bytes");
    }

    @Test
    void whoWaitsForManyBytesIsAnsweredOnceTheyAreThere() throws Exception {
        Partition partition = owner.partition("orders", 0);
        FetchRequestData request = request(NEWEST, wanted(0, 0), wanted(1, 0)).setMaxWaitMs(FOR_EVER_MS).setMinBytes(
                5_000);
        WireClient.Sent sent = client.send(ApiKeys.FETCH, NEWEST, request);
        Owner.await("parked", () -> partition.tailWaiterCount() == 1);
        for (int write = 0; write < 4; write++) {
            owner.write("orders", write % 2, Owner.values("v", 1, 1_000));
            assertEquals(1, partition.tailWaiterCount(), "answered with too little");
        }
        owner.write("orders", 1, Owner.values("v", 1, 1_000));
        FetchResponseData told = client.receive(sent);
        assertEquals(5, told.responses().get(0).partitions().stream().mapToInt(each -> values(each, 0).size()).sum());
        assertEquals(0, partition.tailWaiterCount());
    }

    @Test
    void whoWaitsForMoreThanItAsksForIsAnsweredAtOnce() throws Exception {
        owner.write("orders", 0, Owner.values("v", 10, 900));
        FetchRequestData request = request(NEWEST, wanted(0, 0).setPartitionMaxBytes(2_000)).setMaxWaitMs(FOR_EVER_MS)
                .setMinBytes(50_000);
        assertEquals(2, values(only(ask(NEWEST, request)), 0).size());
    }

    @Test
    void whoReadsCommittedIsWokenByTheMarker() throws Exception {
        Partition partition = owner.partition("orders", 0);
        WireClient.Sent sent = client.send(ApiKeys.FETCH, NEWEST, request(NEWEST, wanted(0, 0)).setMaxWaitMs(
                FOR_EVER_MS).setMinBytes(1).setIsolationLevel((byte) 1));
        Owner.await("parked", () -> partition.tailWaiterCount() == 1);
        owner.writeInTransaction("orders", 0, "a", "b");
        assertEquals(1, partition.tailWaiterCount(), "shown what is not decided");
        owner.commit();
        assertEquals(List.of("a", "b"), values(only(client.receive(sent)), 0));
    }

    @Test
    void nothingIsAnsweredWhenTheTimeIsOver() throws Exception {
        PartitionData told = only(ask(NEWEST, request(NEWEST, wanted(0, 0)).setMaxWaitMs(20).setMinBytes(1)));
        assertEquals(0, told.records().sizeInBytes());
        assertEquals(0, owner.partition("orders", 0).tailWaiterCount());
        told = only(ask(NEWEST, request(NEWEST, wanted(0, 0)).setMaxWaitMs(1_100).setMinBytes(1)));
        assertEquals(0, told.records().sizeInBytes());
    }

    @Test
    void whoWaitsHearsThatTheTopicIsDeleted() throws Exception {
        Partition partition = owner.partition("orders", 0);
        WireClient.Sent sent = client.send(ApiKeys.FETCH, NEWEST, request(NEWEST, wanted(0, 0)).setMaxWaitMs(
                FOR_EVER_MS).setMinBytes(1));
        Owner.await("parked", () -> partition.tailWaiterCount() == 1);
        open.semel().admin().deleteTopic("orders");
        assertEquals(Errors.UNKNOWN_TOPIC_ID.code(), only(client.receive(sent)).errorCode());
    }

    @Test
    void aFetchThatWaitsGoesWithItsConnection() throws Exception {
        Partition partition = owner.partition("orders", 0);
        client.send(ApiKeys.FETCH, NEWEST, request(NEWEST, wanted(0, 0)).setMaxWaitMs(Integer.MAX_VALUE).setMinBytes(
                1));
        Owner.await("parked", () -> partition.tailWaiterCount() == 1);
        client.close();
        Owner.await("dropped", () -> partition.tailWaiterCount() == 0);
    }

    @Test
    void aFetchThatWaitsGoesWithTheServer() throws Exception {
        Partition partition = owner.partition("orders", 0);
        client.send(ApiKeys.FETCH, NEWEST, request(NEWEST, wanted(0, 0)).setMaxWaitMs(Integer.MAX_VALUE).setMinBytes(
                1));
        Owner.await("parked", () -> partition.tailWaiterCount() == 1);
        open.server().close();
        Owner.await("dropped", () -> partition.tailWaiterCount() == 0);
        owner.write("orders", 0, "the owner goes on");
    }

    @Test
    void aSessionIsToldOfWhatChangedAlone() throws Exception {
        owner.write("orders", 1, "a");
        FetchRequestData first = request(NEWEST, wanted(0, 0), wanted(1, 0), wanted(2, 0)).setSessionEpoch(0);
        FetchResponseData told = ask(NEWEST, first);
        int id = told.sessionId();
        assertNotEquals(0, id);
        assertEquals(List.of(0, 1, 2), partitions(told));
        told = ask(NEWEST, request(NEWEST, wanted(1, 1)).setSessionId(id).setSessionEpoch(1));
        assertEquals(id, told.sessionId());
        assertEquals(List.of(), partitions(told), "nothing is new");
        owner.write("orders", 2, "b");
        told = ask(NEWEST, request(NEWEST).setSessionId(id).setSessionEpoch(2));
        assertEquals(List.of(2), partitions(told));
        FetchRequestData forgetting = request(NEWEST, wanted(2, 1)).setSessionId(id).setSessionEpoch(3);
        forgetting.forgottenTopicsData().add(new ForgottenTopic().setTopicId(id("orders")).setPartitions(List.of(1)));
        owner.write("orders", 1, "unheard");
        assertEquals(List.of(), partitions(ask(NEWEST, forgetting)));
    }

    @Test
    void sessionsThatAreNotKnownAreRefused() throws Exception {
        FetchResponseData told = ask(NEWEST, request(NEWEST).setSessionId(77).setSessionEpoch(5));
        assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND.code(), told.errorCode());
        int id = ask(NEWEST, request(NEWEST, wanted(0, 0)).setSessionEpoch(0)).sessionId();
        told = ask(NEWEST, request(NEWEST).setSessionId(id).setSessionEpoch(2));
        assertEquals(Errors.INVALID_FETCH_SESSION_EPOCH.code(), told.errorCode());
        told = ask(LAST_WITH_NAMES, request(LAST_WITH_NAMES).setSessionId(id).setSessionEpoch(1));
        assertEquals(Errors.FETCH_SESSION_TOPIC_ID_ERROR.code(), told.errorCode());
        told = ask(NEWEST, request(NEWEST, wanted(0, 0)).setSessionId(id).setSessionEpoch(-1));
        assertEquals(0, told.sessionId());
        told = ask(NEWEST, request(NEWEST).setSessionId(id).setSessionEpoch(1));
        assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND.code(), told.errorCode(), "it was ended");
    }

    @Test
    void noPartitionOfASessionStarvesOfTheBytesOfAnAnswer() throws Exception {
        long[] offsets = new long[4];
        for (int partition = 0; partition < 4; partition++) {
            owner.write("orders", partition, Owner.values("v", 30, 100));
        }
        FetchResponseData told = ask(NEWEST, request(NEWEST, wanted(0, 0), wanted(1, 0), wanted(2, 0), wanted(3, 0))
                .setMaxBytes(1).setSessionEpoch(0));
        int id = told.sessionId();
        Set<Integer> served = new HashSet<>();
        for (int epoch = 1; epoch <= 40; epoch++) {
            List<FetchPartition> moved = new ArrayList<>();
            for (PartitionData each : told.responses().get(0).partitions()) {
                if (each.records().sizeInBytes() > 0) {
                    served.add(each.partitionIndex());
                    offsets[each.partitionIndex()] += values(each, offsets[each.partitionIndex()]).size();
                    moved.add(wanted(each.partitionIndex(), offsets[each.partitionIndex()]));
                }
            }
            if (epoch % 4 == 0) {
                assertEquals(4, served.size(), "of four answers one for each");
                served.clear();
            }
            told = ask(NEWEST, request(NEWEST, moved.toArray(FetchPartition[]::new)).setMaxBytes(1).setSessionId(id)
                    .setSessionEpoch(epoch));
        }
        assertFalse(told.responses().isEmpty());
    }

    private FetchResponseData ask(int version, FetchRequestData request) throws IOException {
        return client.ask(ApiKeys.FETCH, version, request);
    }

    private Errors error(int version, FetchPartition wanted) throws IOException {
        return Errors.forCode(only(ask(version, request(version, wanted))).errorCode());
    }

    private FetchRequestData request(int version, FetchPartition... wanted) {
        FetchTopic topic = new FetchTopic().setPartitions(List.of(wanted));
        if (version > LAST_WITH_NAMES) {
            topic.setTopicId(id("orders"));
        } else {
            topic.setTopic("orders");
        }
        FetchRequestData request = new FetchRequestData().setMaxBytes(MANY_BYTES);
        if (wanted.length > 0) {
            request.topics().add(topic);
        }
        return request;
    }

    private Uuid id(String topic) {
        UUID id = open.semel().runtime().broker().topic(topic).id();
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private static FetchPartition wanted(int partition, long offset) {
        return new FetchPartition().setPartition(partition).setFetchOffset(offset).setPartitionMaxBytes(MANY_BYTES);
    }

    private static PartitionData only(FetchResponseData response) {
        assertEquals(1, response.responses().size());
        assertEquals(1, response.responses().get(0).partitions().size());
        return response.responses().get(0).partitions().get(0);
    }

    private static List<Integer> partitions(FetchResponseData response) {
        return response.responses().stream().flatMap(topic -> topic.partitions().stream()).map(
                PartitionData::partitionIndex).toList();
    }

    /** Of data records at or past {@code offset}. */
    private static List<String> values(PartitionData told, long offset) {
        List<String> values = new ArrayList<>();
        ((MemoryRecords) told.records()).batches().forEach(batch -> {
            batch.ensureValid();
            if (!batch.isControlBatch()) {
                for (Record each : batch) {
                    if (each.offset() >= offset) {
                        values.add(Utils.utf8(each.value()));
                    }
                }
            }
        });
        return values;
    }
}
