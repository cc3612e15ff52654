package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.semel.transactions.broker.TransactionModelTest.Step;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Does every step to the broker and to a handful of lists, and compares. */
final class TransactionModel {
    static final List<String> TOPICS = List.of("a", "b", "c");
    private static final List<String> IDS = List.of("t0", "t1", "t2");
    private static final List<String> GROUPS = List.of("g0", "g1");

    private enum Fate {
        OPEN, COMMITTED, ABORTED
    }

    private static final class Transaction {
        private final long beganMs;
        private Fate fate = Fate.OPEN;

        Transaction(long beganMs) {
            this.beganMs = beganMs;
        }
    }

    private record Entry(String value, Transaction transaction) {
    }

    /** In log order: of those that commit the last one holds, whichever commits last. */
    private record Staged(long offset, Transaction transaction) {
    }

    private static final class Client {
        private final Instance instance;
        private final String id;
        private Transaction transaction = new Transaction(0);

        Client(Instance instance, String id) {
            this.instance = instance;
            this.id = id;
            transaction.fate = Fate.ABORTED;
        }

        boolean isIn() {
            return transaction.fate == Fate.OPEN;
        }
    }

    private final BrokerRig rig;
    private final Map<String, List<Entry>> logs = new HashMap<>();
    private final Map<String, List<Staged>> offsets = new HashMap<>();
    private final Map<String, Client> current = new HashMap<>();
    private final List<Client> clients = new ArrayList<>();
    private int values;

    TransactionModel(BrokerRig rig) {
        this.rig = rig;
        TOPICS.forEach(topic -> logs.put(topic, new ArrayList<>()));
        GROUPS.forEach(group -> offsets.put(group, new ArrayList<>()));
    }

    void take(Step step) throws IOException {
        switch (step.kind()) {
            case OPEN -> open(IDS.get(step.who() % IDS.size()));
            case TIMEOUT -> timeout();
            case PASS -> pass(1000);
            case CRASH -> crash();
            case REMAKE_TOPIC -> remake(TOPICS.get(step.where() % TOPICS.size()));
            case BEGIN, APPEND, OFFSET, COMMIT, ABORT, COMMIT_HELD_UP, CRASH_IN_COMMIT -> takeAsClient(step);
        }
    }

    private void takeAsClient(Step step) throws IOException {
        if (clients.isEmpty()) {
            open(IDS.get(step.who() % IDS.size()));
        }
        Client client = clients.get(step.who() % clients.size());
        if (current.get(client.id) != client) {
            assertFenced(client, step);
            return;
        }
        switch (step.kind()) {
            case BEGIN -> begin(client);
            case APPEND -> append(client, TOPICS.get(step.where() % TOPICS.size()));
            case OFFSET -> commitOffset(client, GROUPS.get(step.where() % GROUPS.size()));
            case COMMIT -> end(client, Fate.COMMITTED);
            case ABORT -> end(client, Fate.ABORTED);
            case COMMIT_HELD_UP -> commitHeldUp(client, step.where(), false);
            case CRASH_IN_COMMIT -> commitHeldUp(client, step.where(), true);
            default -> throw new AssertionError(step);
        }
    }

    private void open(String id) {
        if (current.containsKey(id)) {
            lose(current.get(id));
        }
        Client client = new Client(Instance.open(rig, id), id);
        current.put(id, client);
        clients.add(client);
    }

    private static void lose(Client client) {
        if (client.isIn()) {
            client.transaction.fate = Fate.ABORTED;
        }
    }

    private void assertFenced(Client zombie, Step step) {
        String topic = TOPICS.get(step.where() % TOPICS.size());
        switch (step.kind()) {
            case APPEND -> assertEquals(Refusal.FENCED, zombie.instance.append(topic, 0, "zombie"));
            case OFFSET -> assertEquals(GroupError.INVALID_PRODUCER_EPOCH, zombie.instance.commitOffset("g0", 1));
            case BEGIN -> assertEquals(Progress.FENCED, zombie.instance.session.begin());
            case ABORT -> assertEquals(Progress.FENCED, zombie.instance.abort());
            default -> assertEquals(Progress.FENCED, zombie.instance.commit());
        }
    }

    private void begin(Client client) {
        Progress progress = client.instance.session.begin();
        if (client.isIn()) {
            assertEquals(Progress.INVALID_STATE, progress);
        } else {
            assertEquals(Progress.DONE, progress);
            client.transaction = new Transaction(rig.clock.time());
        }
    }

    private void append(Client client, String topic) {
        if (client.isIn()) {
            String value = "v" + values++;
            long code = client.instance.append(topic, 0, value);
            assertTrue(code >= 0, () -> Refusal.describe(code));
            logs.get(topic).add(new Entry(value, client.transaction));
        }
    }

    private void commitOffset(Client client, String group) {
        if (client.isIn()) {
            int offset = values++;
            assertEquals(GroupError.NONE, client.instance.commitOffset(group, offset));
            offsets.get(group).add(new Staged(offset, client.transaction));
        }
    }

    private void end(Client client, Fate fate) {
        if (client.isIn()) {
            assertEquals(Progress.DONE, fate == Fate.COMMITTED ? client.instance.commit() : client.instance.abort());
            client.transaction.fate = fate;
        }
    }

    /** Decided, with some of the markers held up; then the sweep finishes it, or the process dies and recovery does. */
    private void commitHeldUp(Client client, int bits, boolean crashes) throws IOException {
        if (!client.isIn()) {
            return;
        }
        List<String> held = new ArrayList<>();
        if ((bits & 1) != 0) {
            held.add("a");
        }
        if ((bits & 2) != 0) {
            held.add("b");
        }
        if ((bits & 4) != 0) {
            held.add(Broker.OFFSETS_TOPIC);
        }
        List<Runnable> release = new ArrayList<>();
        rig.clock.atNextLook(() -> release.add(rig.barMarkers(client.instance.session.producerId(), held)));
        Progress progress = client.instance.commit();
        client.transaction.fate = Fate.COMMITTED;
        // An empty transaction looks at no clock: then nothing was held up.
        rig.clock.time();
        Path moment = crashes ? rig.photograph("decided-" + values++) : Path.of("");
        release.forEach(Runnable::run);
        if (crashes) {
            rig.crashTo(moment);
            forgetTheDead();
        } else if (progress == Progress.PENDING) {
            rig.pass(100);
            timeOutBy(rig.clock.time());
            assertEquals(Progress.DONE, client.instance.commit());
        }
    }

    private void timeout() {
        pass(Instance.TIMEOUT_MS / 2);
    }

    /** However short the time, it may be what was missing. */
    private void pass(long ms) {
        rig.pass(ms);
        timeOutBy(rig.clock.time());
    }

    private void timeOutBy(long nowMs) {
        for (Client client : Set.copyOf(current.values())) {
            if (client.isIn() && nowMs - client.transaction.beganMs > Instance.TIMEOUT_MS) {
                lose(client);
                current.remove(client.id);
            }
        }
    }

    void crash() throws IOException {
        rig.crash();
        forgetTheDead();
    }

    private void forgetTheDead() {
        clients.forEach(TransactionModel::lose);
        clients.clear();
        current.clear();
        assertTrue(rig.nothingIsOpen());
    }

    private void remake(String topic) throws IOException {
        rig.broker().deleteTopic(topic);
        rig.topics(topic);
        logs.get(topic).clear();
    }

    void check() {
        for (String topic : TOPICS) {
            assertEquals(visible(logs.get(topic)), rig.committed(topic), topic);
        }
        for (String group : GROUPS) {
            long expected = offsets.get(group).stream().filter(staged -> staged.transaction.fate == Fate.COMMITTED)
                    .reduce((first, second) -> second).map(Staged::offset).orElse(-1L);
            assertEquals(expected, rig.offsetOf(group), group);
        }
    }

    /** What stands before the first record of an open transaction, without what was aborted. */
    private static List<String> visible(List<Entry> log) {
        List<String> values = new ArrayList<>();
        for (Entry entry : log) {
            if (entry.transaction().fate == Fate.OPEN) {
                return values;
            }
            if (entry.transaction().fate == Fate.COMMITTED) {
                values.add(entry.value());
            }
        }
        return values;
    }
}
