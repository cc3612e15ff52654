package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.List;

import io.semel.idempotence.ProducerIds;
import io.semel.log.Durability;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;

/** The producers of a life: well-behaved ones, replaced ones that do not know it, and a network that delivers again. */
final class Producers {
    static final List<String> TRANSACTIONAL_IDS = List.of("t0", "t1", "t2");
    static final int LONGEST_TIMEOUT_MS = 60_000;

    private static final int[] TIMEOUTS_MS = {LONGEST_TIMEOUT_MS, LONGEST_TIMEOUT_MS / 4, 1_000};
    private static final int IDEMPOTENT = 2;

    /** So many of the newest instances take steps: the current ones, and some that were replaced. */
    private static final int LISTENED_TO = 6;

    /** Of what was sent so many turn up again. */
    private static final int SENT_AGAIN = 8;

    /** InitProducerId on its way; asked again, it says again what it said. */
    private static final class Pending {
        private final String name;
        private final long askedMs;
        private final Initialization initialization;
        private boolean done;

        Pending(String name, long askedMs, Initialization initialization) {
            this.name = name;
            this.askedMs = askedMs;
            this.initialization = initialization;
        }
    }

    private final World world;
    private final Auditor auditor;
    private final Tape tape;
    private final List<Client> idempotent = new ArrayList<>();
    private List<Pending> pending = new ArrayList<>();
    private int values;

    Producers(World world, Auditor auditor, Tape tape) {
        this.world = world;
        this.auditor = auditor;
        this.tape = tape;
    }

    void take(Step step) {
        switch (step.kind()) {
            case INIT -> init(TRANSACTIONAL_IDS.get(step.who() % TRANSACTIONAL_IDS.size()));
            case INIT_AGAIN -> {
                if (!pending.isEmpty()) {
                    step(pending.get(step.who() % pending.size()));
                }
            }
            case SEND, RESEND, SKIP, OVERLAP, NEVER_HANDED_OUT -> deliver(step);
            default -> takeAsOwner(step);
        }
    }

    private void takeAsOwner(Step step) {
        Client client = transactional(step.who());
        if (client == null) {
            init(TRANSACTIONAL_IDS.get(step.who() % TRANSACTIONAL_IDS.size()));
            return;
        }
        switch (step.kind()) {
            case BEGIN -> begin(client);
            case COMMIT -> end(client, Txn.Fate.COMMITTED);
            case ABORT -> end(client, Txn.Fate.ABORTED);
            case HELP -> client.session().helpAcknowledge();
            default -> throw new IllegalStateException(step.toString());
        }
    }

    /** One of the newest instances whose process lives; null when there is none. */
    Client transactional(int who) {
        List<Client> living = auditor.clients().stream().filter(client -> client.isTransactional() && !client.gone)
                .toList();
        int first = Math.max(0, living.size() - LISTENED_TO);
        return living.isEmpty() ? null : living.get(first + who % (living.size() - first));
    }

    // ---- identities

    private void init(String name) {
        int timeoutMs = TIMEOUTS_MS[TRANSACTIONAL_IDS.indexOf(name)];
        Pending fresh = new Pending(name, world.time(), world.broker().transactions().initialize(name, timeoutMs,
                TransactionHome.EMBEDDED));
        pending.add(fresh);
        step(fresh);
    }

    private int step(Pending each) {
        if (!each.done) {
            auditor.takeOverBegins(each.name);
        }
        Progress progress = each.initialization.step();
        world.requireLiving();
        tape.note(() -> "init of " + each.name, progress);
        if (progress == Progress.PENDING) {
            Auditor.require(!each.done, "T8", () -> "an instance that was handed out is not any more: " + each.name);
            return 0;
        }
        Auditor.require(progress == Progress.DONE || progress == Progress.FENCED, "T8", () -> "init of " + each.name
                + " ended as " + progress);
        if (progress == Progress.DONE && !each.done) {
            TransactionSession session = each.initialization.session();
            tape.note(() -> "producer id " + session.producerId() + ", epoch", session.epoch());
            auditor.handedOut(new Client(each.name, session.producerId(), session.epoch(), session),
                    each.askedMs, world.time());
            tape.count(Count.HANDED_OUT);
        }
        each.done = true;
        return 1;
    }

    /** What waits goes on; returns how much there was. */
    int goOn() {
        int done = 0;
        for (Pending each : pending) {
            done += each.done ? 0 : step(each);
        }
        for (Client client : List.copyOf(auditor.clients())) {
            boolean asked = client.phase == Client.Phase.ASKED_COMMIT || client.phase == Client.Phase.ASKED_ABORT;
            if (asked && !client.gone && client.standing != Client.Standing.FENCED) {
                client.session().helpAcknowledge();
                end(client, client.phase == Client.Phase.ASKED_COMMIT ? Txn.Fate.COMMITTED : Txn.Fate.ABORTED);
                done++;
            }
        }
        return done;
    }

    Client idempotent(int who) {
        int index = who % IDEMPOTENT;
        while (idempotent.size() <= index) {
            idempotent.add(issued("i" + idempotent.size()));
        }
        if (idempotent.get(index).standing == Client.Standing.FENCED) {
            // KIP-360: whose id has expired goes on with another one.
            idempotent.set(index, issued("i" + index));
        }
        return idempotent.get(index);
    }

    /** Late batches come from ids that have expired, too. */
    private Client anyIdempotent(int who, Step.Kind kind) {
        List<Client> all = auditor.clients().stream().filter(client -> !client.isTransactional()).toList();
        return kind == Step.Kind.SEND || all.isEmpty() ? idempotent(who) : all.get(who % all.size());
    }

    private Client issued(String name) {
        long id = world.broker().producerIds().tryIssue();
        for (int round = 0; id == ProducerIds.NOT_YET && round < 3; round++) {
            world.broker().flush();
            id = world.broker().producerIds().tryIssue();
        }
        world.requireLiving();
        Auditor.require(id != ProducerIds.NOT_YET, "T8", "no producer id is issued");
        Client client = new Client(name + "/" + id, id, (short) 0, null);
        auditor.handedOut(client, world.time(), world.time());
        return client;
    }

    void died() {
        pending = new ArrayList<>();
        auditor.clients().forEach(client -> client.writers.clear());
    }

    /** I4: an id lives on by what it wrote; without that it is a stranger, and its owner asks for a new one. */
    void requireAlive() {
        for (Client client : auditor.clients().stream().filter(each -> !each.isTransactional()).toList()) {
            boolean isAlive = world.broker().producerIds().find(client.producerId()) != null;
            boolean isDead = auditor.lifetimes().isDead(client.producerId());
            Auditor.require(!isAlive || !isDead, "I4", () -> client + " is dead, and alive again");
            Auditor.require(isAlive == auditor.isRemembered(client) || !isAlive && auditor.mayBeExpired(client, world
                    .time()), "I4", () -> client + " is " + (isAlive ? "" : "not ") + "alive");
            client.standing = isAlive ? Client.Standing.UNSURE : Client.Standing.FENCED;
        }
        for (Client client : List.copyOf(idempotent)) {
            if (client.standing == Client.Standing.FENCED) {
                idempotent.set(idempotent.indexOf(client), issued("i" + idempotent.indexOf(client)));
            }
        }
    }

    // ---- transactions

    /** Whether its transaction is open; begun it is if it can be. */
    boolean isIn(Client client) {
        if (!client.isInTransaction()) {
            begin(client);
        }
        return client.phase == Client.Phase.ONGOING;
    }

    private void begin(Client client) {
        Progress progress = client.session().begin();
        world.requireLiving();
        tape.note(() -> "begin by " + client, progress);
        if (isFenced(client, progress)) {
            return;
        }
        switch (client.phase) {
            case EMPTY, COMMITTED, ABORTED -> require(progress == Progress.DONE, client, "begin", progress);
            case ONGOING -> require(progress == Progress.INVALID_STATE, client, "begin", progress);
            case ASKED_COMMIT, ASKED_ABORT -> {
                require(progress == Progress.INVALID_STATE || progress == Progress.DONE, client, "begin", progress);
                // The sweep had carried out what was asked for.
                if (progress == Progress.DONE) {
                    auditor.told(client, client.phase == Client.Phase.ASKED_COMMIT ? Txn.Fate.COMMITTED
                            : Txn.Fate.ABORTED);
                }
            }
        }
        if (progress == Progress.DONE) {
            auditor.begun(client, world.time(), TIMEOUTS_MS[TRANSACTIONAL_IDS.indexOf(client.name())]);
            tape.count(Count.TRANSACTIONS);
        }
    }

    /** T6: who was replaced is told so, and who may have been is from then on. */
    private boolean isFenced(Client client, Progress progress) {
        boolean fenced = progress == Progress.FENCED;
        Auditor.require(client.standing != Client.Standing.FENCED || fenced, "T6", () -> client
                + " was replaced and is told "
                + progress);
        boolean expired = fenced && client.session().isExpired() && isExpired(client);
        Auditor.require(client.standing != Client.Standing.CURRENT || !fenced || expired, "T6", () -> client
                + " is told that it is fenced, and nobody took over");
        if (fenced) {
            client.fence();
            tape.count(Count.FENCED);
        }
        return fenced;
    }

    /** I4: nobody has heard of it for so long that its death is no wonder; from here on it is dead. */
    private boolean isExpired(Client client) {
        boolean expired = auditor.mayBeExpired(client, world.time());
        if (expired) {
            auditor.lifetimes().toldDead(client.producerId());
            tape.count(Count.EXPIRED);
        }
        return expired;
    }

    private void end(Client client, Txn.Fate fate) {
        Txn txn = client.txn;
        Client.Phase asked = fate == Txn.Fate.COMMITTED ? Client.Phase.ASKED_COMMIT : Client.Phase.ASKED_ABORT;
        boolean mayBe = client.phase == Client.Phase.ONGOING || client.phase == Client.Phase.ASKED_COMMIT;
        boolean couldCommit = txn != null && txn.mayCommit;
        boolean couldAbort = txn != null && txn.mayAbort;
        if (mayBe) {
            // Before the call, in which the process may die.
            txn.mayCommit |= fate == Txn.Fate.COMMITTED;
            txn.mayAbort |= fate == Txn.Fate.ABORTED;
        }
        Progress progress = fate == Txn.Fate.COMMITTED ? client.session().commit() : client.session().abort();
        world.requireLiving();
        tape.note(() -> (fate == Txn.Fate.COMMITTED ? "commit by " : "abort by ") + client, progress);
        boolean fenced = isFenced(client, progress);
        if (mayBe && (fenced || progress == Progress.INVALID_STATE)) {
            txn.mayCommit = couldCommit;
            txn.mayAbort = couldAbort;
        }
        if (!fenced) {
            answered(client, asked, progress);
        }
    }

    private void answered(Client client, Client.Phase asked, Progress progress) {
        boolean commits = asked == Client.Phase.ASKED_COMMIT;
        switch (client.phase) {
            case EMPTY -> require(progress == Progress.INVALID_STATE, client, "end", progress);
            case COMMITTED -> require(progress == (commits ? Progress.DONE : Progress.INVALID_STATE), client, "end",
                    progress);
            case ABORTED -> require(progress == (commits ? Progress.INVALID_STATE : Progress.DONE), client, "end",
                    progress);
            case ASKED_ABORT -> {
                if (commits) {
                    require(progress == Progress.INVALID_STATE, client, "commit after abort", progress);
                } else {
                    take(client, asked, progress);
                }
            }
            case ASKED_COMMIT -> {
                boolean isDecided = !commits && progress == Progress.INVALID_STATE;
                if (!isDecided) {
                    take(client, asked, progress);
                }
            }
            case ONGOING -> take(client, asked, progress);
        }
    }

    private void take(Client client, Client.Phase asked, Progress progress) {
        boolean mayWait = world.partition(World.OFFSETS).log().config().durability() == Durability.POWER;
        require(progress == Progress.DONE || mayWait && progress == Progress.PENDING, client, asked.name(), progress);
        client.phase = asked;
        if (asked == Client.Phase.ASKED_ABORT) {
            // It was not decided yet, and is now.
            client.txn.mayCommit = false;
        }
        if (progress == Progress.DONE) {
            World.ALL.forEach(id -> auditor.partition(id).observe(world.partition(id)));
            auditor.told(client, asked == Client.Phase.ASKED_COMMIT ? Txn.Fate.COMMITTED : Txn.Fate.ABORTED);
            tape.count(asked == Client.Phase.ASKED_COMMIT ? Count.COMMITTED : Count.ABORTED);
        }
    }

    private static void require(boolean holds, Client client, String what, Progress progress) {
        Auditor.require(holds, "T7", () -> client + ", which is " + client.phase + ", is told " + progress + " for "
                + what);
    }

    // ---- batches

    private void deliver(Step step) {
        PartitionId where = World.DATA.get(step.where() % World.DATA.size());
        Client client = step.who() % 4 == 3 ? anyIdempotent(step.what(), step.kind()) : anyTransactional(step.who() / 4,
                step.kind());
        if (client == null) {
            return;
        }
        List<Batch> sent = client.sent(where);
        int next = client.nextSequence(where);
        int count = 1 + step.what() % 3;
        switch (step.kind()) {
            case SEND -> sendNext(client, where, batch(client, next, count));
            case SKIP -> again(client, where, batch(client, next + 1 + step.what() % 4 & Integer.MAX_VALUE, count));
            case RESEND -> {
                if (!sent.isEmpty()) {
                    int age = step.what() % Math.min(SENT_AGAIN, sent.size());
                    again(client, where, sent.get(sent.size() - 1 - age));
                }
            }
            case OVERLAP -> {
                if (!sent.isEmpty()) {
                    again(client, where, batch(client, sent.get(sent.size() - 1).sequence(), 1 + sent.get(sent.size()
                            - 1).texts().size()));
                }
            }
            default -> neverHandedOut(client, where);
        }
    }

    /** Late batches come from anybody, also from those whose process died; new ones from the living. */
    private Client anyTransactional(int who, Step.Kind kind) {
        if (kind == Step.Kind.SEND) {
            return transactional(who);
        }
        List<Client> all = auditor.clients().stream().filter(Client::isTransactional).toList();
        int first = Math.max(0, all.size() - LISTENED_TO);
        return all.isEmpty() ? null : all.get(first + who % (all.size() - first));
    }

    private Batch batch(Client client, int sequence, int count) {
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            texts.add("v" + ++values);
        }
        return Batch.data(client.producerId(), client.epoch(), sequence, client.isTransactional(), List.copyOf(texts));
    }

    private void sendNext(Client client, PartitionId where, Batch batch) {
        if (client.isTransactional() && !isIn(client)) {
            return;
        }
        PartitionWriter writer = client.isTransactional() ? client.session().touch(world.partition(where))
                : writer(client, where);
        long code = append(writer, where, batch, client.txn);
        tape.note(() -> client + " sends " + batch.texts() + " sequence " + batch.sequence() + " to " + where, code);
        if (!isRefusedRightly(client, code)) {
            long verdict = auditor.partition(where).judge(client, batch.sequence(), batch.texts().size());
            settle(client, where, batch, code, verdict);
            tape.count(Count.BATCHES);
        }
    }

    private PartitionWriter writer(Client client, PartitionId where) {
        return client.writers.computeIfAbsent(where, id -> world.partition(id).openWriter(client.producerId()));
    }

    /** A copy that the network held up, or one that never should have been sent. */
    private void again(Client client, PartitionId where, Batch batch) {
        long verdict = auditor.partition(where).judge(client, batch.sequence(), batch.texts().size());
        boolean isNew = verdict == PartitionAudit.ADMIT && client.standing != Client.Standing.FENCED;
        if (isNew && client.isTransactional()) {
            // By the older rules it would join a transaction that it does not belong to: see DelayedStepsTest.
            return;
        }
        long code = append(world.partition(where).openWriter(client.producerId()), where, batch, client.txn);
        tape.note(() -> "again from " + client + " " + batch.texts() + " sequence " + batch.sequence() + " to " + where,
                code);
        if (!isRefusedRightly(client, code)) {
            settle(client, where, batch, code, verdict);
            tape.count(verdict >= 0 ? Count.RETRIES : Count.REFUSED);
        }
    }

    private long append(PartitionWriter writer, PartitionId where, Batch batch, Txn txn) {
        if (writer == null) {
            return Refusal.UNKNOWN_PRODUCER;
        }
        auditor.partition(where).send(batch, batch.transactional() ? txn : null);
        long code = writer.append(tape.encode(world.time(), batch));
        world.requireLiving();
        if (code != Refusal.UNKNOWN_PRODUCER) {
            auditor.lifetimes().heard(batch.producerId(), world.time());
        }
        return code;
    }

    /** T6, I4: of an instance that was replaced nothing is taken, whatever it is. */
    private boolean isRefusedRightly(Client client, long code) {
        boolean expired = code == Refusal.UNKNOWN_PRODUCER && isExpired(client);
        boolean mayBeUnknown = expired || auditor.mayBeRetired(client) || isStranger(client);
        boolean fenced = code == Refusal.FENCED || code == Refusal.UNKNOWN_PRODUCER && mayBeUnknown;
        Auditor.require(client.standing != Client.Standing.FENCED || fenced, "T6", () -> client
                + " was replaced and its batch is answered with " + code);
        Auditor.require(client.standing != Client.Standing.CURRENT || !fenced || expired, "T6", () -> client
                + " is current and its batch is answered with " + Refusal.describe(code));
        if (fenced) {
            client.fence();
            World.ALL.forEach(id -> auditor.partition(id).takeBack());
            tape.count(Count.FENCED);
        }
        return fenced;
    }

    /** Without transactions nobody replaces it: a restart found nothing that it wrote. */
    private static boolean isStranger(Client client) {
        return !client.isTransactional() && client.standing == Client.Standing.FENCED;
    }

    private void settle(Client client, PartitionId where, Batch batch, long code, long verdict) {
        PartitionAudit audit = auditor.partition(where);
        if (verdict == PartitionAudit.ADMIT) {
            Auditor.require(code == audit.end(), "I1", () -> client + " sends the next batch to " + where
                    + ", and is answered with " + code + " (" + Refusal.describe(code) + ") instead of " + audit.end());
            audit.accepted(code);
            client.accepted(where, batch);
            tape.count(Count.RECORDS, batch.texts().size());
            auditor.lifetimes().written(client.producerId(), world.time());
            return;
        }
        audit.takeBack();
        long expected = verdict == PartitionAudit.GAP ? Refusal.GAP
                : verdict == PartitionAudit.FORGOTTEN
                        ? Refusal.DUPLICATE_FORGOTTEN
                        : verdict;
        Auditor.require(code == expected, verdict >= 0 ? "I3" : "I2", () -> client + " sends sequence " + batch
                .sequence()
                + " to " + where + " and is answered with " + code + " instead of " + expected);
    }

    /** I4: an epoch that nobody has yet, an id that nobody has, and one that is dead, beginning again. */
    private void neverHandedOut(Client client, PartitionId where) {
        if (auditor.lifetimes().isDead(client.producerId())) {
            Batch again = Batch.data(client.producerId(), client.epoch(), 0, client.isTransactional(), List.of("dead"));
            long code = append(writer(client, where), where, again, client.txn);
            tape.note(() -> client + ", which is dead, begins again", code);
            Auditor.require(code == Refusal.UNKNOWN_PRODUCER, "I4", () -> client + " is dead, and is answered with "
                    + code);
            auditor.partition(where).takeBack();
        }
        Auditor.require(world.partition(where).openWriter(Long.MAX_VALUE - 1) == null, "I4", "a stranger may write");
        PartitionWriter writer = world.partition(where).openWriter(client.producerId());
        if (writer != null && client.epoch() < 1_000) {
            Batch batch = Batch.data(client.producerId(), (short) (client.epoch() + 1_000), 0, client.isTransactional(),
                    List.of("nobody's"));
            long code = writer.append(tape.encode(world.time(), batch));
            world.requireLiving();
            tape.note(() -> "from an epoch to come of " + client, code);
            Auditor.require(code == Refusal.UNKNOWN_PRODUCER, "I4", () -> "a batch of " + batch + " is answered with "
                    + code);
        }
    }
}
