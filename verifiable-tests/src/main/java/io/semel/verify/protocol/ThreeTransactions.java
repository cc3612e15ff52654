package io.semel.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionReader;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;
import io.semel.verify.disk.Journal;
import io.semel.verify.disk.MetadataOrder;

/**
 * Three transactions of one producer, sent message by message over a network that delivers some of them late or twice. Adding
 * a partition or a group is implicit in its first batch, as for clients that speak KIP-890.
 *
 * <pre>
 *  init   a1 a2 b offset end   a1 a2 b offset end   a1 a2 b offset end
 * </pre>
 */
final class ThreeTransactions {
    /** In the order in which they are sent. */
    enum Message {
        INIT, A1, A2, B, OFFSET, END
    }

    enum Rules {
        /** KIP-890: every end hands out a new epoch. */
        NEW_EPOCH_AT_EVERY_END,
        /** The older ones: one epoch from one instance to the next. */
        ONE_EPOCH
    }

    /** What a delayed message did to transactions that it is no part of. */
    enum Harm {
        /** A record that nobody committed is visible, or one is twice. */
        FOREIGN_RECORD,
        /** A record of a transaction whose commit was answered is not visible. */
        LOST_RECORD,
        /** The group's offset is not that of the last transaction which committed. */
        WRONG_OFFSET,
        /** Something stays open that nobody ends. */
        HANGS
    }

    /** One message, by its place in the row. */
    record Sent(int transaction, Message message) {
    }

    /**
     * @param index  the message
     * @param after  behind which one it arrives (again)
     * @param isLate it does not arrive at its own place
     */
    record Delay(int index, int after, boolean isLate) {
    }

    static final List<Sent> ROW = row();

    private static final PartitionId A = World.DATA.get(0);
    private static final PartitionId B = World.DATA.get(2);
    private static final PartitionName INPUT = new PartitionName("in", 0);
    private static final int TIMEOUT_MS = 60_000;

    private final World world;
    private final Tape tape = new Tape(Journal.SILENT, new ProtocolCounts());
    private final Rules rules;
    private final String name;
    private final long[] began;
    private final List<TransactionSession> sessions = new ArrayList<>();
    private final boolean[] commits = {true, true, true};
    private final boolean[] answered = new boolean[3];
    /** How many batches of each transaction were answered, in A and in B. */
    private final int[][] taken = new int[3][2];
    private final Initialization first;
    private String wrongAnswer = "";

    ThreeTransactions(World world, Rules rules, String name) {
        this.world = world;
        this.rules = rules;
        this.name = name;
        this.began = new long[] {end(A), end(B)};
        this.first = initialize();
    }

    static World newWorld() throws IOException {
        World world = new World(new Setting(Durability.PROCESS, MetadataOrder.AT_ONCE, 1, false, false),
                Verdicts.STRICT);
        world.create();
        return world;
    }

    private static List<Sent> row() {
        List<Sent> row = new ArrayList<>(List.of(new Sent(0, Message.INIT)));
        for (int transaction = 0; transaction < 3; transaction++) {
            for (Message message : EnumSet.range(Message.A1, Message.END)) {
                row.add(new Sent(transaction, message));
            }
        }
        return List.copyOf(row);
    }

    /** Every message again behind each one from itself on; and each that can be given up, late instead. */
    static List<Delay> delays() {
        List<Delay> delays = new ArrayList<>();
        for (int index = 0; index < ROW.size(); index++) {
            Message message = ROW.get(index).message();
            for (int after = index; after < ROW.size(); after++) {
                delays.add(new Delay(index, after, false));
                if (message != Message.INIT && message != Message.END && after > index) {
                    delays.add(new Delay(index, after, true));
                }
            }
        }
        return delays;
    }

    private long end(PartitionId id) {
        return world.partition(id).readableOffset();
    }

    private Initialization initialize() {
        Initialization initialization = world.broker().transactions().initialize(name, TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        if (initialization.step() != Progress.DONE) {
            throw new AssertionError("init of " + name);
        }
        return initialization;
    }

    /** Plays the row with these delays. Returns what later transactions suffered; nothing if all is as promised. */
    Set<Harm> play(List<Delay> delays) {
        for (int index = 0; index < ROW.size(); index++) {
            int place = index;
            Sent sent = ROW.get(index);
            boolean isLate = delays.stream().anyMatch(delay -> delay.isLate() && delay.index() == place);
            if (sent.message() == Message.END) {
                end(sent.transaction(), delays);
            } else if (!isLate) {
                long code = deliver(sent);
                if (code >= 0 && EnumSet.range(Message.A1, Message.B).contains(sent.message())) {
                    taken[sent.transaction()][sent.message() == Message.B ? 1 : 0]++;
                }
            }
            delays.stream().filter(delay -> delay.after() == place).forEach(delay -> deliverLate(ROW.get(delay
                    .index())));
        }
        return harm();
    }

    /** What an owner does before it ends: what it was not answered it sends again; what never arrived makes it give up. */
    private void end(int transaction, List<Delay> delays) {
        int place = ROW.indexOf(new Sent(transaction, Message.END));
        commits[transaction] = delays.stream().noneMatch(delay -> delay.isLate() && delay.after() >= place && ROW.get(
                delay.index()).transaction() == transaction);
        if (commits[transaction]) {
            for (Message message : List.of(Message.A1, Message.A2, Message.B)) {
                deliver(new Sent(transaction, message));
            }
            taken[transaction] = new int[] {2, 1};
        }
        TransactionSession session = session(transaction);
        Progress progress = commits[transaction] ? session.commit() : session.abort();
        answered[transaction] = progress == Progress.DONE;
        if (rules == Rules.NEW_EPOCH_AT_EVERY_END) {
            requireAnswer(progress == Progress.DONE, "end of " + transaction + ": " + progress);
            sessions.add(initialize().session());
        }
        if (transaction < 2) {
            session(transaction + 1).begin();
        }
    }

    private TransactionSession session(int transaction) {
        return rules == Rules.ONE_EPOCH ? sessions.get(0) : sessions.get(transaction);
    }

    private void deliverLate(Sent sent) {
        boolean isOver = rules == Rules.NEW_EPOCH_AT_EVERY_END && sessions.size() > sent.transaction() + 1;
        switch (sent.message()) {
            case INIT -> requireAnswer(first.step() == (isOver ? Progress.FENCED : Progress.DONE), "init again");
            case END -> {
                Progress progress = commits[sent.transaction()] ? session(sent.transaction()).commit() : session(sent
                        .transaction()).abort();
                requireAnswer(!isOver || progress == Progress.FENCED, "end of " + sent + " again: " + progress);
            }
            case A1, A2, B -> {
                long code = deliver(sent);
                requireAnswer(!isOver || code == Refusal.FENCED, sent + " late: " + code);
            }
            case OFFSET -> {
                long code = deliver(sent);
                requireAnswer(!isOver || code == GroupError.INVALID_PRODUCER_EPOCH.ordinal(), sent + " late: " + code);
            }
        }
    }

    private void requireAnswer(boolean holds, String otherwise) {
        if (!holds) {
            wrongAnswer = otherwise;
        }
    }

    /** The first wrong answer by KIP-890's rules; empty when there was none. */
    String wrongAnswer() {
        return wrongAnswer;
    }

    private long deliver(Sent sent) {
        return switch (sent.message()) {
            case INIT -> {
                sessions.add(first.session());
                session(0).begin();
                yield 0;
            }
            case A1 -> append(sent, A, 0);
            case A2 -> append(sent, A, 1);
            case B -> append(sent, B, 0);
            case OFFSET -> stage(sent);
            case END -> throw new IllegalStateException(sent.toString());
        };
    }

    private long append(Sent sent, PartitionId where, int index) {
        TransactionSession session = session(sent.transaction());
        int sequence = index + (rules == Rules.ONE_EPOCH ? takenBefore(sent.transaction(), where.equals(A) ? 0 : 1)
                : 0);
        PartitionWriter writer = openWriter(session, where);
        Batch batch = Batch.data(session.producerId(), session.epoch(), sequence, true, List.of(text(sent)));
        return writer.append(tape.encode(world.time(), batch));
    }

    /** By the older rules sequences go on, and those of what was given up are given to what comes next. */
    private int takenBefore(int transaction, int partition) {
        int count = 0;
        for (int before = 0; before < transaction; before++) {
            count += taken[before][partition];
        }
        return count;
    }

    /** The partition is added by the batch itself, if a transaction is open to which it can be added. */
    private PartitionWriter openWriter(TransactionSession session, PartitionId where) {
        Partition partition = world.partition(where);
        PartitionWriter touched = session.touch(partition);
        return touched == null ? partition.openWriter(session.producerId()) : touched;
    }

    private String text(Sent sent) {
        return name + " " + sent.transaction() + " " + sent.message();
    }

    private long stage(Sent sent) {
        TransactionSession session = session(sent.transaction());
        session.touch(world.partition(World.OFFSETS));
        List<GroupError> answers = new ArrayList<>();
        world.broker().groups().commitInTransaction(session.producerId(), session.epoch(), new CommitRequest(name,
                Membership.NOBODY, List.of(OffsetToCommit.of(INPUT.topic(), INPUT.partition(), offsetOf(sent
                        .transaction())))), world.time(), answers::add);
        return answers.get(0).ordinal();
    }

    private static long offsetOf(int transaction) {
        return 10L * (transaction + 1);
    }

    // ---- what came of it

    private Set<Harm> harm() {
        Set<Harm> harm = EnumSet.noneOf(Harm.class);
        List<String> expected = new ArrayList<>();
        long offset = -1;
        for (int transaction = 0; transaction < 3; transaction++) {
            if (commits[transaction] && answered[transaction]) {
                for (Message message : List.of(Message.A1, Message.A2, Message.B)) {
                    expected.add(text(new Sent(transaction, message)));
                }
                offset = offsetOf(transaction);
            }
        }
        world.pass(TIMEOUT_MS + World.TICK_MS);
        world.broker().doWork();
        List<String> seen = new ArrayList<>();
        read(A, began[0], seen);
        read(B, began[1], seen);
        hangs(harm);
        if (!expected.containsAll(seen) || Set.copyOf(seen).size() < seen.size()) {
            harm.add(Harm.FOREIGN_RECORD);
        }
        if (!seen.containsAll(expected)) {
            harm.add(Harm.LOST_RECORD);
        }
        if (offsetOfGroup() != offset) {
            harm.add(Harm.WRONG_OFFSET);
        }
        return harm;
    }

    private void hangs(Set<Harm> harm) {
        for (PartitionId id : World.ALL) {
            if (world.partition(id).stableOffset() < world.partition(id).readableOffset()) {
                harm.add(Harm.HANGS);
            }
        }
    }

    private void read(PartitionId id, long from, List<String> seen) {
        RecordCursor cursor = new RecordCursor();
        try (PartitionReader reader = world.partition(id).openReader(from, Isolation.READ_COMMITTED)) {
            while (reader.next()) {
                seen.addAll(Batch.of(reader.batch(), false, cursor).texts());
            }
        }
    }

    private long offsetOfGroup() {
        List<Long> told = new ArrayList<>();
        world.broker().groups().fetch(name, List.of(INPUT), Stability.ANY, world.time(), answer -> told.add(answer
                .offsets().get(0).committed().offset()));
        return told.get(0);
    }
}
