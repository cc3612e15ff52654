package io.semel.server.network.transactions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.message.InitProducerIdRequestData;
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
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * T7: a producer lost its connection and said again on another what was not answered; what the first one still has comes
 * to nothing, also where no epoch tells.
 */
class SupersededConnectionTest {
    @TempDir
    Path directory;
    private OpenServer open;
    private WireClient older;
    private WireClient newer;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("a", 1, Map.of());
        older = WireClient.to(open.server().port());
        // Its answer says that the older one is accepted, and before it.
        older.ask(ApiKeys.INIT_PRODUCER_ID, 4, new InitProducerIdRequestData().setTransactionalId(null));
        newer = WireClient.to(open.server().port());
    }

    @AfterEach
    void close() throws IOException {
        older.close();
        newer.close();
        open.close();
    }

    private static void none(Errors error) {
        assertEquals(Errors.NONE, error);
    }

    @Test
    void anEndThatComesOnTheOldOneDoesNotEndTheNextTransaction() throws IOException {
        WireProducer producer = WireProducer.open(older, "t", TransactionRules.ONE_EPOCH);
        ProducerIdAndEpoch self = producer.self();
        none(producer.put("a", "1"));
        producer.reconnect(newer);
        none(producer.commit());
        none(producer.put("a", "2"));
        producer.reconnect(older);
        for (boolean commits : List.of(true, false)) {
            assertThrows(IOException.class, () -> producer.end(self, commits));
        }
        assertEquals(List.of("1"), Seen.committed(open.semel(), "a"));
        producer.reconnect(newer);
        none(producer.put("a", "3"));
        none(producer.commit());
        assertEquals(List.of("1", "2", "3"), Seen.committed(open.semel(), "a"));
    }

    /** T8: else it would wait for its time-out, and that would fence its producer. */
    @Test
    void whatIsAddedOnTheOldOneOpensNoTransaction() throws IOException {
        WireProducer producer = WireProducer.open(older, "t", TransactionRules.ONE_EPOCH);
        none(producer.put("a", "1"));
        producer.reconnect(newer);
        none(producer.commit());
        producer.reconnect(older);
        assertThrows(IOException.class, () -> producer.add("a"));
        assertEquals("CompleteCommit", StateNames.of(open.semel().runtime().broker().transactions().operator().find("t")
                .orElseThrow().status()));
    }

    /** Batches and all: nothing that it has is begun. */
    @Test
    void aBatchOnTheOldOneIsDropped() throws IOException {
        WireProducer producer = WireProducer.open(older, "t", TransactionRules.ONE_EPOCH);
        none(producer.put("a", "1"));
        WireProducer.Batch givenUp = producer.next("a", "given up");
        producer.reconnect(newer);
        none(producer.commit());
        none(producer.add("a"));
        producer.reconnect(older);
        assertThrows(IOException.class, () -> producer.send(givenUp));
        producer.reconnect(newer);
        none(producer.commit());
        assertEquals(List.of("1"), Seen.committed(open.semel(), "a"));
    }

    @Test
    void aFirstInitThatComesOnTheOldOneDoesNotFenceWhoHasItsAnswer() throws IOException {
        for (TransactionRules rules : TransactionRules.values()) {
            WireProducer producer = WireProducer.open(newer, "t" + rules, rules);
            ProducerIdAndEpoch self = producer.self();
            none(producer.put("a", rules.name()));
            producer.reconnect(older);
            assertThrows(IOException.class, producer::init);
            producer.reconnect(newer);
            none(producer.end(self, true));
        }
        assertEquals(2, Seen.committed(open.semel(), "a").size());
    }

    /** Who is fenced comes back, is told so, and cuts nobody's connection. */
    @Test
    void aZombieOnANewerOneDoesNotDisturbItsSuccessor() throws IOException {
        WireProducer zombie = WireProducer.open(older, "t", TransactionRules.ONE_EPOCH);
        WireProducer successor = WireProducer.open(newer, "t", TransactionRules.ONE_EPOCH);
        none(successor.put("a", "1"));
        assertEquals(Errors.PRODUCER_FENCED, zombie.commit());
        try (WireClient newest = WireClient.to(open.server().port())) {
            zombie.reconnect(newest);
            assertEquals(Errors.PRODUCER_FENCED, zombie.commit());
            assertEquals(Errors.PRODUCER_FENCED, zombie.add("a"));
            none(successor.put("a", "2"));
            none(successor.commit());
        }
        assertEquals(List.of("1", "2"), Seen.committed(open.semel(), "a"));
    }

    /** By the newer rules epochs tell all of it, and a producer may speak on as many connections as it likes. */
    @Test
    void byTheNewerRulesEpochsTell() throws IOException {
        WireProducer producer = WireProducer.open(older, "t", TransactionRules.NEW_EPOCH_AT_EVERY_END);
        ProducerIdAndEpoch first = producer.self();
        none(producer.put("a", "1"));
        producer.reconnect(newer);
        none(producer.commit());
        none(producer.put("a", "2"));
        producer.reconnect(older);
        assertEquals(Errors.PRODUCER_FENCED, producer.end(first, true));
        assertEquals(Errors.PRODUCER_FENCED, producer.end(first, false));
        assertEquals(List.of("1"), Seen.committed(open.semel(), "a"));
        none(producer.commit());
        assertEquals(List.of("1", "2"), Seen.committed(open.semel(), "a"));
    }
}
