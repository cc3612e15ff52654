package io.semel.server.network.transactions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.TransactionRules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A transaction message by message, by the older rules and by KIP-890's: T1, T6, T7, G1. */
class TransactionOverTheWireTest {
    @TempDir
    Path directory;
    private OpenServer open;
    private WireClient wire;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("a", 1, Map.of());
        open.semel().admin().createTopic("b", 1, Map.of());
        wire = WireClient.to(open.server().port());
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        open.close();
    }

    private static void none(Errors error) {
        assertEquals(Errors.NONE, error);
    }

    private List<String> committed(String topic) {
        return Seen.committed(open.semel(), topic);
    }

    @ParameterizedTest
    @EnumSource
    void itsRecordsAndOffsetsBecomeVisibleTogetherOrNever(TransactionRules rules) throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", rules);
        none(producer.put("a", "1"));
        none(producer.put("b", "1"));
        none(producer.commitOffset("g", "b", 7));
        assertEquals(List.of("1"), Seen.all(open.semel(), "a"));
        assertEquals(List.of(), committed("a"));
        assertEquals(-1, Seen.offset(open.semel(), "g", "b"));
        none(producer.commit());
        assertEquals(List.of("1"), committed("a"));
        assertEquals(List.of("1"), committed("b"));
        assertEquals(7, Seen.offset(open.semel(), "g", "b"));
        none(producer.put("a", "2"));
        none(producer.commitOffset("g", "b", 8));
        none(producer.abort());
        assertEquals(List.of("1"), committed("a"));
        assertEquals(List.of("1", "2"), Seen.all(open.semel(), "a"));
        assertEquals(7, Seen.offset(open.semel(), "g", "b"));
        none(producer.put("a", "3"));
        none(producer.commit());
        assertEquals(List.of("1", "3"), committed("a"));
    }

    @ParameterizedTest
    @EnumSource
    void everyEndTellsTheNextEpochByTheNewerRulesAlone(TransactionRules rules) throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", rules);
        ProducerIdAndEpoch first = producer.self();
        none(producer.put("a", "1"));
        none(producer.commit());
        int raised = rules == TransactionRules.NEW_EPOCH_AT_EVERY_END ? 1 : 0;
        assertEquals(new ProducerIdAndEpoch(first.producerId(), (short) (first.epoch() + raised)), producer.self());
    }

    /** Failure row 8: the answer is lost with the connection, and asked for over another. */
    @ParameterizedTest
    @EnumSource
    void anEndWhoseAnswerWasLostIsAnsweredAgain(TransactionRules rules) throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", rules);
        ProducerIdAndEpoch first = producer.self();
        none(producer.put("a", "1"));
        producer.sendEnd(first, true);
        wire.close();
        wire = WireClient.to(open.server().port());
        producer.reconnect(wire);
        none(producer.end(first, true));
        ProducerIdAndEpoch next = producer.self();
        none(producer.end(first, true));
        assertEquals(next, producer.self());
        assertEquals(Errors.INVALID_TXN_STATE, producer.end(first, false));
        assertEquals(List.of("1"), committed("a"));
        none(producer.put("a", "2"));
        none(producer.commit());
        assertEquals(List.of("1", "2"), committed("a"));
    }

    @ParameterizedTest
    @EnumSource
    void aSecondInstanceFencesTheFirstWhateverThatSends(TransactionRules rules) throws IOException {
        WireProducer first = WireProducer.open(wire, "t", rules);
        none(first.put("a", "old"));
        try (WireClient other = WireClient.to(open.server().port())) {
            WireProducer second = WireProducer.open(other, "t", rules);
            assertEquals(Errors.INVALID_PRODUCER_EPOCH, first.send(first.next("a", "late")));
            assertEquals(Errors.PRODUCER_FENCED, first.commit());
            assertEquals(Errors.PRODUCER_FENCED, first.abort());
            assertNotEquals(Errors.NONE, first.stage(first.self(), "g", "a", 1));
            assertEquals(Errors.PRODUCER_FENCED, first.renew());
            none(second.put("a", "new"));
            none(second.commit());
        }
        assertEquals(List.of("new"), committed("a"));
    }

    @ParameterizedTest
    @EnumSource
    void theHolderOfAnEpochGetsTheNextOneInItsPlace(TransactionRules rules) throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", rules);
        ProducerIdAndEpoch first = producer.self();
        none(producer.put("a", "1"));
        none(producer.renew());
        assertTrue(producer.self().epoch() > first.epoch());
        none(producer.put("a", "2"));
        none(producer.commit());
        assertEquals(List.of("2"), committed("a"));
    }

    /** DESIGN: a restart of ours is none of a remote producer's business. */
    @ParameterizedTest
    @EnumSource
    void itOutlivesTheServer(TransactionRules rules) throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", rules);
        none(producer.put("a", "1"));
        none(producer.commitOffset("g", "b", 3));
        wire.close();
        open.close();
        open = OpenServer.in(directory);
        wire = WireClient.to(open.server().port());
        producer.reconnect(wire);
        none(producer.put("a", "2"));
        none(producer.put("b", "2"));
        none(producer.commit());
        assertEquals(List.of("1", "2"), committed("a"));
        assertEquals(List.of("2"), committed("b"));
        assertEquals(3, Seen.offset(open.semel(), "g", "b"));
    }

    /** G1: of a member whose generation is over. */
    @ParameterizedTest
    @EnumSource
    void offsetsOfAStrangerAreRefusedAndItsTransactionGoesOn(TransactionRules rules) throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", rules);
        none(producer.commitOffset("g", "b", 1));
        assertEquals(Errors.UNKNOWN_MEMBER_ID, producer.stage(new TxnOffsetCommitRequestData().setGroupId("g")
                .setMemberId("nobody").setGenerationIdOrMemberEpoch(3), producer.self(), "b", 2));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, producer.stage(producer.self(), "g", "missing", 2));
        none(producer.commit());
        assertEquals(1, Seen.offset(open.semel(), "g", "b"));
    }

    /** What comes when its transaction has ended opens none (T7, T8). */
    @ParameterizedTest
    @EnumSource
    void whatComesLateOpensNothing(TransactionRules rules) throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", rules);
        none(producer.put("a", "1"));
        none(producer.commitOffset("g", "b", 1));
        WireProducer.Batch late = producer.next("a", "late");
        ProducerIdAndEpoch first = producer.self();
        none(producer.commit());
        assertNotEquals(Errors.NONE, producer.send(late));
        assertNotEquals(Errors.NONE, producer.stage(first, "g", "b", 2));
        assertTrue(Seen.nothingIsOpen(open.semel(), "a"));
        assertEquals(List.of("1"), committed("a"));
        assertEquals(1, Seen.offset(open.semel(), "g", "b"));
    }

    /** Failure row 4: partitions added without data; and nothing at all. */
    @ParameterizedTest
    @EnumSource
    void anEndOfNothingIsAnswered(TransactionRules rules) throws IOException {
        WireProducer producer = WireProducer.open(wire, "t", rules);
        if (rules == TransactionRules.ONE_EPOCH) {
            assertEquals(Errors.INVALID_TXN_STATE, producer.commit());
            none(producer.add("a"));
            none(producer.commit());
            none(producer.add("a"));
            none(producer.abort());
        } else {
            assertEquals(Errors.TRANSACTION_ABORTABLE, producer.commit());
            none(producer.abort());
        }
        none(producer.put("a", "1"));
        none(producer.commit());
        assertEquals(List.of("1"), committed("a"));
    }
}
