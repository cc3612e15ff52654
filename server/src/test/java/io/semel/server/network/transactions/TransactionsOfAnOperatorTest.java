package io.semel.server.network.transactions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.TransactionRules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Kafka's admin client shows of transactions, and does to them. */
class TransactionsOfAnOperatorTest {
    private static final TopicPartition A = new TopicPartition("a", 0);

    @TempDir
    Path directory;
    private OpenServer open;
    private WireClient wire;
    private WireProducer producer;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("a", 1, Map.of());
        open.semel().admin().createTopic("b", 1, Map.of());
        wire = WireClient.to(open.server().port());
        producer = WireProducer.open(wire, "orders-1", TransactionRules.NEW_EPOCH_AT_EVERY_END);
        WireProducer.open(wire, "idle", TransactionRules.ONE_EPOCH);
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        open.close();
    }

    private static void none(Errors error) {
        assertEquals(Errors.NONE, error);
    }

    private static Set<String> ids(Admin admin, ListTransactionsOptions options) throws Exception {
        return admin.listTransactions(options).all().get().stream().map(TransactionListing::transactionalId).collect(
                Collectors.toSet());
    }

    @Test
    void transactionsAreListedByStateProducerDurationAndPattern() throws Exception {
        none(producer.put("a", "1"));
        try (Admin admin = open.admin()) {
            assertEquals(Set.of("orders-1", "idle"), ids(admin, new ListTransactionsOptions()));
            assertEquals(Set.of("orders-1"), ids(admin, new ListTransactionsOptions().filterStates(Set.of(
                    TransactionState.ONGOING))));
            assertEquals(Set.of("orders-1"), ids(admin, new ListTransactionsOptions().filterProducerIds(Set.of(producer
                    .self().producerId()))));
            assertEquals(Set.of(), ids(admin, new ListTransactionsOptions().filterOnDuration(1_000_000)));
            assertEquals(Set.of("orders-1"), ids(admin, new ListTransactionsOptions()
                    .filterOnTransactionalIdPattern("ord.*")));
        }
    }

    @Test
    void aPatternThatIsNoneOrNeverEndsIsRefusedAndAnUnknownStateIsNamed() throws IOException {
        WireProducer.open(wire, "x".repeat(200), TransactionRules.ONE_EPOCH);
        for (String pattern : List.of("(", ".*.*.*.*.*.*.*.*Y")) {
            ListTransactionsResponseData answer = wire.ask(ApiKeys.LIST_TRANSACTIONS, 2,
                    new ListTransactionsRequestData().setTransactionalIdPattern(pattern));
            assertEquals(Errors.INVALID_REGULAR_EXPRESSION.code(), answer.errorCode(), pattern);
        }
        ListTransactionsResponseData answer = wire.ask(ApiKeys.LIST_TRANSACTIONS, 0, new ListTransactionsRequestData()
                .setStateFilters(List.of("Sleeping")));
        assertEquals(List.of("Sleeping"), answer.unknownStateFilters());
        assertEquals(List.of(), answer.transactionStates());
    }

    private DescribeTransactionsResponseData.TransactionState describe(String id) throws IOException {
        DescribeTransactionsResponseData answer = wire.ask(ApiKeys.DESCRIBE_TRANSACTIONS, 0,
                new DescribeTransactionsRequestData().setTransactionalIds(List.of(id)));
        return answer.transactionStates().get(0);
    }

    @Test
    void aTransactionIsDescribedWithItsPartitions() throws IOException {
        none(producer.put("a", "1"));
        none(producer.put("b", "1"));
        DescribeTransactionsResponseData.TransactionState state = describe("orders-1");
        assertEquals("Ongoing", state.transactionState());
        assertEquals(producer.self(), new ProducerIdAndEpoch(state.producerId(), state.producerEpoch()));
        assertEquals(WireProducer.TIMEOUT_MS, state.transactionTimeoutMs());
        assertEquals(List.of(0), state.topics().find("a").partitions());
        assertEquals(2, state.topics().size());
        none(producer.commit());
        assertEquals("CompleteCommit", describe("orders-1").transactionState());
        assertEquals(0, describe("orders-1").topics().size());
        assertEquals(Errors.TRANSACTIONAL_ID_NOT_FOUND.code(), describe("nobody").errorCode());
    }

    private ProducerState stateInA(Admin admin) throws Exception {
        return admin.describeProducers(List.of(A)).partitionResult(A).get().activeProducers().get(0);
    }

    @Test
    void theProducersOfAPartitionAreDescribed() throws Exception {
        try (Admin admin = open.admin()) {
            assertEquals(List.of(), admin.describeProducers(List.of(A)).partitionResult(A).get().activeProducers());
            none(producer.put("a", "1"));
            none(producer.put("a", "2"));
            ProducerState state = stateInA(admin);
            assertEquals(producer.self().producerId(), state.producerId());
            assertEquals(producer.self().epoch(), state.producerEpoch());
            assertEquals(1, state.lastSequence());
            assertEquals(0, state.currentTransactionStartOffset().getAsLong());
            none(producer.commit());
            assertFalse(stateInA(admin).currentTransactionStartOffset().isPresent());
        }
    }

    /** T1: asked for one partition, it ends in all of them. */
    @Test
    void anAbortEndsTheWholeTransactionAndFencesItsOwner() throws Exception {
        none(producer.put("a", "1"));
        none(producer.put("b", "1"));
        ProducerIdAndEpoch aborted = producer.self();
        try (Admin admin = open.admin()) {
            admin.abortTransaction(new AbortTransactionSpec(A, aborted.producerId(), aborted.epoch(), 0)).all().get();
            admin.abortTransaction(new AbortTransactionSpec(A, aborted.producerId(), aborted.epoch(), 0)).all().get();
        }
        assertTrue(Seen.nothingIsOpen(open.semel(), "a"));
        assertTrue(Seen.nothingIsOpen(open.semel(), "b"));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, producer.send(producer.next("a", "late")));
        assertEquals(Errors.TRANSACTION_ABORTABLE, producer.commit());
        none(producer.abort());
        none(producer.put("a", "2"));
        none(producer.commit());
        assertEquals(List.of("2"), Seen.committed(open.semel(), "a"));
    }

    private Errors mark(ProducerIdAndEpoch who, String topic, boolean commits) throws IOException {
        WriteTxnMarkersResponseData answer = wire.ask(ApiKeys.WRITE_TXN_MARKERS, 1, new WriteTxnMarkersRequestData()
                .setMarkers(List.of(new WritableTxnMarker().setProducerId(who.producerId()).setProducerEpoch(who
                        .epoch()).setTransactionResult(commits).setTopics(List.of(new WritableTxnMarkerTopic().setName(
                                topic).setPartitionIndexes(List.of(0)))))));
        return Errors.forCode(answer.markers().get(0).topics().get(0).partitions().get(0).errorCode());
    }

    @Test
    void nobodyCommitsByAMarkerOrAbortsALaterTransaction() throws IOException {
        none(producer.put("a", "1"));
        ProducerIdAndEpoch first = producer.self();
        assertEquals(Errors.INVALID_TXN_STATE, mark(first, "a", true));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, mark(first, "missing", false));
        assertEquals(Errors.NONE, mark(first, "b", false), "nothing is open there");
        none(producer.commit());
        none(producer.put("a", "2"));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, mark(first, "a", false));
        none(producer.commit());
        assertEquals(List.of("1", "2"), Seen.committed(open.semel(), "a"));
    }
}
