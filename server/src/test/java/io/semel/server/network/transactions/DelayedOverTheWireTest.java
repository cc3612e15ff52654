package io.semel.server.network.transactions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * T7 over sockets: of two transactions every message again behind each later one, alone and in pairs, and every one that
 * a producer can give up late instead. By the newer rules on whichever connection; by the older ones on the connection
 * that the producer has left.
 */
class DelayedOverTheWireTest {
    private static final int TRANSACTIONS = 2;

    /** Of a few thousand; `semel verify` plays all of them against the coordinator. */
    private static final int OF_SO_MANY_PAIRS = 7;

    @TempDir
    Path directory;
    private OpenServer open;
    private final List<String> expected = new ArrayList<>();
    private int cases;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("a", 1, Map.of());
    }

    @AfterEach
    void close() throws IOException {
        open.close();
    }

    private enum Kind {
        ADD, BATCH, ADD_OFFSETS, OFFSETS, END
    }

    private record Message(int transaction, Kind kind) {
    }

    /** A message again, or late, behind another one; both by their places in the row. */
    private record Delay(int index, int after, boolean isLate) {
    }

    /** Sends a message as it was, whoever its producer has become since. */
    private interface Sending {
        Errors now() throws IOException;
    }

    private static List<Message> row(TransactionRules rules) {
        List<Message> row = new ArrayList<>();
        for (int transaction = 0; transaction < TRANSACTIONS; transaction++) {
            for (Kind kind : Kind.values()) {
                boolean isOlder = kind == Kind.ADD || kind == Kind.ADD_OFFSETS;
                if (rules == TransactionRules.ONE_EPOCH || !isOlder) {
                    row.add(new Message(transaction, kind));
                }
            }
        }
        return row;
    }

    private static List<Delay> delays(List<Message> row) {
        List<Delay> delays = new ArrayList<>();
        for (int index = 0; index < row.size(); index++) {
            Kind kind = row.get(index).kind();
            for (int after = index; after < row.size(); after++) {
                delays.add(new Delay(index, after, false));
                if (after > index && (kind == Kind.BATCH || kind == Kind.OFFSETS)) {
                    delays.add(new Delay(index, after, true));
                }
            }
        }
        return delays;
    }

    @Test
    void byTheNewerRulesNothingDelayedTouchesALaterTransaction() throws IOException {
        List<Delay> delays = delays(row(TransactionRules.NEW_EPOCH_AT_EVERY_END));
        try (WireClient one = WireClient.to(open.server().port());
                WireClient other = WireClient.to(open.server()
                        .port())) {
            for (Delay delay : delays) {
                play(TransactionRules.NEW_EPOCH_AT_EVERY_END, List.of(delay), one, cases % 2 == 0 ? one : other);
            }
            for (int pair = 0; pair < delays.size() * delays.size(); pair += OF_SO_MANY_PAIRS) {
                Delay first = delays.get(pair / delays.size());
                Delay second = delays.get(pair % delays.size());
                if (first.index != second.index) {
                    play(TransactionRules.NEW_EPOCH_AT_EVERY_END, List.of(first, second), one, other);
                }
            }
        }
        assertTrue(cases > 100, () -> cases + " cases");
    }

    @Test
    void byTheOlderRulesNothingDoesThatComesOnAConnectionWhichItsProducerHasLeft() throws IOException {
        List<Message> row = row(TransactionRules.ONE_EPOCH);
        for (Delay delay : delays(row)) {
            // Who gives a batch up by the older rules asks for another epoch, or its sequences have a gap.
            boolean isGap = delay.isLate && row.get(delay.index).kind == Kind.BATCH;
            if (isGap) {
                continue;
            }
            try (WireClient left = WireClient.to(open.server().port())) {
                // Its answer says that it is accepted, and so before the other one is.
                left.ask(ApiKeys.INIT_PRODUCER_ID, 0, new InitProducerIdRequestData().setTransactionalId(null));
                try (WireClient taken = WireClient.to(open.server().port())) {
                    play(TransactionRules.ONE_EPOCH, List.of(delay), taken, left);
                }
            }
        }
    }

    /** @param late the connection on which its producer comes, and then comes what is delayed */
    private void play(TransactionRules rules, List<Delay> delays, WireClient wire, WireClient late)
            throws IOException {
        String id = "case-" + cases++;
        WireProducer producer = WireProducer.open(late, id, rules);
        producer.reconnect(wire);
        List<Message> row = row(rules);
        List<Sending> sent = new ArrayList<>();
        long offset = -1;
        for (int place = 0; place < row.size(); place++) {
            Message message = row.get(place);
            int index = place;
            boolean commits = delays.stream().noneMatch(delay -> delay.isLate && row.get(
                    delay.index).transaction == message.transaction);
            Sending sending = sending(producer, message, id, commits);
            sent.add(sending);
            if (delays.stream().noneMatch(delay -> delay.isLate && delay.index == index)) {
                assertEquals(Errors.NONE, sending.now(), () -> id + ' ' + message + ' ' + delays);
                if (message.kind == Kind.END && commits) {
                    expected.add(id + ' ' + message.transaction);
                    offset = message.transaction;
                }
            }
            for (Delay delay : delays) {
                if (delay.after == index) {
                    comeLate(producer, sent.get(delay.index), wire, late);
                }
            }
        }
        assertEquals(expected, Seen.committed(open.semel(), "a"), () -> id + ' ' + delays);
        assertEquals(offset, Seen.offset(open.semel(), id, "a"), () -> id + ' ' + delays);
    }

    private static Sending sending(WireProducer producer, Message message, String id, boolean commits) {
        ProducerIdAndEpoch self = producer.self();
        return switch (message.kind) {
            case ADD -> () -> producer.add(self, "a");
            case BATCH -> {
                WireProducer.Batch batch = producer.next("a", id + ' ' + message.transaction);
                yield () -> producer.send(batch);
            }
            case ADD_OFFSETS -> () -> producer.addOffsets(self, id);
            case OFFSETS -> () -> producer.stage(self, id, "a", message.transaction);
            case END -> () -> producer.end(self, commits);
        };
    }

    /** Whatever is answered, if anything is. */
    private static void comeLate(WireProducer producer, Sending sending, WireClient wire, WireClient late) {
        producer.reconnect(late);
        try {
            sending.now();
        } catch (IOException e) {
            // The connection is cut: nobody speaks on it any more.
        } finally {
            producer.reconnect(wire);
        }
    }
}
