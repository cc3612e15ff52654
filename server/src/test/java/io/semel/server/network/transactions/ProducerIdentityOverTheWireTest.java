package io.semel.server.network.transactions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.DeliverySemantics;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.TransactionCoordinator;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionIdentity;
import io.semel.transactions.records.TransactionLogKey;
import io.semel.transactions.records.TransactionLogValue;
import io.semel.transactions.records.TransactionStatus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** InitProducerId, in its versions and with its codes; and who fences whom, in this process or not (T6, I5). */
class ProducerIdentityOverTheWireTest {
    private static final TransactionRules NEWER = TransactionRules.NEW_EPOCH_AT_EVERY_END;

    @TempDir
    Path directory;
    private OpenServer open;
    private WireClient wire;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("a", 1, Map.of());
        wire = WireClient.to(open.server().port());
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        open.close();
    }

    private void reopen() throws IOException {
        close();
        open = OpenServer.in(directory);
        wire = WireClient.to(open.server().port());
    }

    private static void none(Errors error) {
        assertEquals(Errors.NONE, error);
    }

    private InitProducerIdResponseData ask(int version, InitProducerIdRequestData request) throws IOException {
        return wire.ask(ApiKeys.INIT_PRODUCER_ID, version, request);
    }

    private Errors refusal(InitProducerIdRequestData request) throws IOException {
        InitProducerIdResponseData answer = ask(5, request);
        assertEquals(-1, answer.producerId());
        assertEquals(-1, answer.producerEpoch());
        return Errors.forCode(answer.errorCode());
    }

    private static InitProducerIdRequestData request(String id, int timeoutMs) {
        return new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(timeoutMs);
    }

    @Test
    void whoHasNoTransactionalIdGetsAFreshIdInEveryVersion() throws IOException {
        long last = -1;
        for (int version = 0; version <= 5; version++) {
            InitProducerIdResponseData answer = ask(version, request(null, 0));
            assertEquals(Errors.NONE.code(), answer.errorCode());
            assertEquals(0, answer.producerEpoch());
            assertTrue(answer.producerId() > last);
            last = answer.producerId();
        }
    }

    @Test
    void whatCannotBeMeantIsRefused() throws IOException {
        assertEquals(Errors.INVALID_REQUEST, refusal(request("", 1000)));
        assertEquals(Errors.INVALID_REQUEST, refusal(request("x".repeat(8_001), 1000)));
        assertEquals(Errors.INVALID_REQUEST, refusal(request("t", 1000).setProducerId(7)));
        assertEquals(Errors.INVALID_REQUEST, refusal(request("t", 1000).setProducerEpoch((short) 7)));
        for (int timeoutMs : List.of(-1, 0, TransactionCoordinator.MAX_TIMEOUT_MS + 1)) {
            assertEquals(Errors.INVALID_TRANSACTION_TIMEOUT, refusal(request("t", timeoutMs)));
        }
    }

    @Test
    void whoIsFencedHearsItInTheWordsOfItsVersion() throws IOException {
        ProducerIdAndEpoch stale = WireProducer.open(wire, "t", NEWER).self();
        none(WireProducer.open(wire, "t", NEWER).put("a", "x"));
        InitProducerIdRequestData renewing = request("t", 1000).setProducerId(stale.producerId()).setProducerEpoch(stale
                .epoch());
        assertEquals(Errors.INVALID_PRODUCER_EPOCH.code(), ask(3, renewing).errorCode());
        assertEquals(Errors.PRODUCER_FENCED.code(), ask(4, renewing).errorCode());
        EndTxnRequestData ending = new EndTxnRequestData().setTransactionalId("t").setProducerId(stale.producerId())
                .setProducerEpoch(stale.epoch()).setCommitted(true);
        EndTxnResponseData first = wire.ask(ApiKeys.END_TXN, 1, ending);
        assertEquals(Errors.INVALID_PRODUCER_EPOCH.code(), first.errorCode());
        EndTxnResponseData second = wire.ask(ApiKeys.END_TXN, 2, ending);
        assertEquals(Errors.PRODUCER_FENCED.code(), second.errorCode());
    }

    @Test
    void anIdThatNobodyKnowsIsNotMapped() throws IOException {
        for (TransactionRules rules : TransactionRules.values()) {
            WireProducer stranger = new WireProducer(wire, "stranger", rules);
            assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, stranger.commit());
            assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, stranger.add("a"));
            assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, stranger.addOffsets(stranger.self(), "g"));
        }
    }

    @Test
    void anAdditionThatIsNotWholeAddsNothing() throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", TransactionRules.ONE_EPOCH);
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, producer.add("missing"));
        assertEquals(Errors.TOPIC_AUTHORIZATION_FAILED, producer.add(Broker.OFFSETS_TOPIC));
        assertEquals(Errors.INVALID_TXN_STATE, producer.commit());
    }

    private Producer<String, String> embedded() {
        return open.semel().producer(DeliverySemantics.EXACTLY_ONCE, Map.of("transactional.id", "t"),
                new StringSerializer(), new StringSerializer());
    }

    @Test
    void aProducerOfThisProcessAndOneOfTheNetworkFenceEachOther() throws Exception {
        for (TransactionRules rules : TransactionRules.values()) {
            try (Producer<String, String> owner = embedded()) {
                owner.initTransactions();
                owner.beginTransaction();
                owner.send(new ProducerRecord<>("a", "of the process")).get();
                WireProducer remote = WireProducer.open(wire, "t", rules);
                assertThrows(ProducerFencedException.class, owner::commitTransaction);
                none(remote.put("a", "of the network"));
                try (Producer<String, String> next = embedded()) {
                    next.initTransactions();
                    assertEquals(Errors.PRODUCER_FENCED, remote.commit());
                    next.beginTransaction();
                    next.send(new ProducerRecord<>("a", "last " + rules));
                    next.commitTransaction();
                }
            }
        }
        assertEquals(List.of("last ONE_EPOCH", "last NEW_EPOCH_AT_EVERY_END"), Seen.committed(open.semel(), "a"));
    }

    /** I5: what takes years is there before. */
    @Test
    void theLastEpochIsFollowedByAnotherProducerId() throws IOException {
        for (TransactionRules rules : TransactionRules.values()) {
            beginAt("t" + rules, (short) (Short.MAX_VALUE - 2));
            WireProducer producer = WireProducer.open(wire, "t" + rules, rules);
            ProducerIdAndEpoch last = producer.self();
            assertEquals(Short.MAX_VALUE - 1, last.epoch());
            none(producer.put("a", rules.name()));
            none(producer.end(last, true));
            if (rules == TransactionRules.ONE_EPOCH) {
                none(producer.renew());
            } else {
                none(producer.end(last, true));
            }
            assertNotEquals(last.producerId(), producer.self().producerId());
            assertEquals(0, producer.self().epoch());
            none(producer.put("a", "next"));
            none(producer.commit());
        }
        assertEquals(4, Seen.committed(open.semel(), "a").size());
    }

    private void beginAt(String id, short epoch) throws IOException {
        long nowMs = System.currentTimeMillis();
        TransactionLogValue value = new TransactionLogValue(TransactionIdentity.of(1_000_000 + id.length(), epoch),
                WireProducer.TIMEOUT_MS, TransactionStatus.EMPTY, List.of(), nowMs, TransactionLogValue.NO_TIMESTAMP,
                TransactionHome.REMOTE, TransactionLogValue.NO_FIRST_OFFSETS);
        RecordBatchWriter batch = new RecordBatchWriter(256, 8192);
        batch.begin(nowMs);
        batch.tryAppend(nowMs, new TransactionLogKey(id).encode().array(), value.encode().array());
        open.semel().runtime().broker().partition(Broker.TRANSACTIONS_TOPIC, 0).openWriter().append(batch.finish());
        reopen();
    }
}
