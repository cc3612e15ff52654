package io.semel.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.coordinator.EndAnswer;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.InstanceRequest;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.RemoteTransaction;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionReader;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.partition.VerificationGuard;
import io.semel.verify.disk.Journal;
import io.semel.verify.disk.MetadataOrder;

/**
 * Three transactions of one remote producer, sent message by message over a network that delivers some of them late or
 * twice. Each message names its sender, and goes through the door that a server's edge has. By KIP-890's rules the edge
 * joins a partition with each batch; by the older ones the producer does, by a message of its own, and the edge
 * verifies each batch.
 *
 * <pre>
 *  init   a1 a2 b offset end   a1 a2 b offset end   a1 a2 b offset end                       new epoch at every end
 *  init   add a1 a2 b add-offsets offset end   add a1 a2 b add-offsets offset end   ...      one epoch
 * </pre>
 */
final class ThreeTransactions {
    /** In the order in which they are sent. */
    enum Message {
        INIT, ADD, A1, A2, B, ADD_OFFSETS, OFFSET, END;

        boolean isBatch() {
            return this == A1 || this == A2 || this == B;
        }
    }

    enum Rules {
        /** KIP-890: every end hands out a new epoch. */
        NEW_EPOCH_AT_EVERY_END(TransactionRules.NEW_EPOCH_AT_EVERY_END, EnumSet.of(Message.A1, Message.A2, Message.B,
                Message.OFFSET, Message.END)),
        /** The older ones: one epoch from one instance to the next, and the edge verifies. */
        ONE_EPOCH(TransactionRules.ONE_EPOCH, EnumSet.range(Message.ADD, Message.END));

        private final TransactionRules spoken;
        private final List<Sent> row;

        Rules(TransactionRules spoken, Set<Message> messages) {
            this.spoken = spoken;
            List<Sent> sent = new ArrayList<>(List.of(new Sent(0, Message.INIT)));
            for (int transaction = 0; transaction < 3; transaction++) {
                for (Message message : messages) {
                    sent.add(new Sent(transaction, message));
                }
            }
            this.row = List.copyOf(sent);
        }

        /** What is sent, in order. */
        List<Sent> row() {
            return row;
        }

        /** Every message again behind each one from itself on; and each that can be given up, late instead. */
        List<Delay> delays() {
            List<Delay> delays = new ArrayList<>();
            for (int index = 0; index < row.size(); index++) {
                Message message = row.get(index).message();
                for (int after = index; after < row.size(); after++) {
                    delays.add(new Delay(index, after, false));
                    if (message != Message.INIT && message != Message.END && after > index) {
                        delays.add(new Delay(index, after, true));
                    }
                }
            }
            return delays;
        }
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

    private static final PartitionId A = World.DATA.get(0);
    private static final PartitionId B = World.DATA.get(2);
    private static final PartitionName INPUT = new PartitionName("in", 0);
    private static final int TIMEOUT_MS = 60_000;

    private final World world;
    private final Tape tape = new Tape(Journal.SILENT, new ProtocolCounts());
    private final Rules rules;
    private final String name;
    private final long[] began;
    /** Who the producer was in each transaction, as it was told. */
    private final List<ProducerIdAndEpoch> selves = new ArrayList<>();
    private final boolean[] commits = {true, true, true};
    private final boolean[] answered = new boolean[3];
    /** How many batches of each transaction were answered, in A and in B. */
    private final int[][] taken = new int[3][2];
    private final Initialization first;
    /** What the producer has got no good answer to. */
    private final Set<Sent> unanswered = new HashSet<>();
    private String wrongAnswer = "";

    /** @param guessed the rules for which the producer is taken before its first message tells */
    ThreeTransactions(World world, Rules rules, TransactionRules guessed, String name) {
        this.world = world;
        this.rules = rules;
        this.name = name;
        this.began = new long[] {end(A), end(B)};
        this.first = initialize(guessed);
    }

    static World newWorld() throws IOException {
        World world = new World(new Setting(Durability.PROCESS, MetadataOrder.AT_ONCE, 1, false, false),
                Verdicts.STRICT);
        world.create();
        return world;
    }

    private long end(PartitionId id) {
        return world.partition(id).readableOffset();
    }

    private Initialization initialize(TransactionRules guessed) {
        Initialization initialization = world.broker().transactions().initialize(name,
                InstanceRequest.remote(TIMEOUT_MS, guessed));
        if (initialization.step() != Progress.DONE) {
            throw new AssertionError("init of " + name);
        }
        return initialization;
    }

    /** Plays the row with these delays. Returns what later transactions suffered; nothing if all is as promised. */
    Set<Harm> play(List<Delay> delays) {
        List<Sent> row = rules.row();
        for (int index = 0; index < row.size(); index++) {
            int place = index;
            Sent sent = row.get(index);
            boolean isLate = delays.stream().anyMatch(delay -> delay.isLate() && delay.index() == place);
            if (sent.message() == Message.END) {
                end(sent.transaction(), delays);
            } else if (isLate || !isTaken(sent, deliver(sent))) {
                unanswered.add(sent);
            } else if (sent.message().isBatch()) {
                taken[sent.transaction()][sent.message() == Message.B ? 1 : 0]++;
            }
            delays.stream().filter(delay -> delay.after() == place).forEach(delay -> deliverLate(row.get(delay
                    .index())));
        }
        return harm();
    }

    /** The code of a batch is its offset, that of everything else an enum whose first means well. */
    private static boolean isTaken(Sent sent, long code) {
        return sent.message().isBatch() ? code >= 0 : code == 0;
    }

    /**
     * What an owner does before it ends: what it was not answered it sends again; what never arrived makes it give up.
     */
    private void end(int transaction, List<Delay> delays) {
        int place = rules.row().indexOf(new Sent(transaction, Message.END));
        commits[transaction] = delays.stream().noneMatch(delay -> delay.isLate() && delay.after() >= place && rules
                .row().get(delay.index()).transaction() == transaction);
        if (commits[transaction]) {
            for (Sent sent : rules.row()) {
                if (sent.transaction() == transaction && (sent.message().isBatch() || unanswered.contains(sent))) {
                    deliver(sent);
                }
            }
            taken[transaction] = new int[] {2, 1};
        }
        EndAnswer answer = end(transaction);
        answered[transaction] = answer.progress() == Progress.DONE;
        requireAnswer(answered[transaction], "end of " + transaction + ": " + answer);
        selves.add(answer.next());
    }

    private EndAnswer end(int transaction) {
        ProducerIdAndEpoch sender = selves.get(transaction);
        return commits[transaction] ? door().commit(sender) : door().abort(sender);
    }

    private RemoteTransaction door() {
        return world.broker().transactions().remote(name, rules.spoken).orElseThrow();
    }

    private void deliverLate(Sent sent) {
        boolean isOver = selves.size() > sent.transaction() + 1;
        switch (sent.message()) {
            case INIT -> {
                Progress progress = first.step();
                requireAnswer(progress == (isOver ? Progress.FENCED : Progress.DONE), "init again: " + progress);
            }
            case END -> requireEndAgain(sent, isOver);
            case ADD, ADD_OFFSETS -> deliver(sent);
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

    /** Until the next transaction has begun the producer is told again who it is. */
    private void requireEndAgain(Sent sent, boolean isOver) {
        EndAnswer answer = end(sent.transaction());
        boolean isSame = isOver && answer.equals(new EndAnswer(Progress.DONE, selves.get(sent.transaction() + 1)));
        requireAnswer(isSame || answer.progress() == Progress.FENCED, "end of " + sent + " again: " + answer);
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
                selves.add(first.producer());
                yield 0;
            }
            case ADD -> {
                join(sent, A);
                yield join(sent, B);
            }
            case A1 -> append(sent, A, 0);
            case A2 -> append(sent, A, 1);
            case B -> append(sent, B, 0);
            case ADD_OFFSETS -> join(sent, World.OFFSETS);
            case OFFSET -> stage(sent);
            case END -> throw new IllegalStateException(sent.toString());
        };
    }

    private long join(Sent sent, PartitionId where) {
        return door().join(selves.get(sent.transaction()), world.partition(where)).ordinal();
    }

    /** What the edge asks the coordinator before it writes. */
    private VerificationGuard edge(Sent sent, PartitionId where) {
        if (rules == Rules.NEW_EPOCH_AT_EVERY_END) {
            join(sent, where);
            return VerificationGuard.NOT_NEEDED;
        }
        return door().verify(selves.get(sent.transaction()), world.partition(where));
    }

    private long append(Sent sent, PartitionId where, int index) {
        ProducerIdAndEpoch sender = selves.get(sent.transaction());
        int sequence = index + (rules == Rules.ONE_EPOCH ? takenBefore(sent.transaction(), where.equals(A) ? 0 : 1)
                : 0);
        VerificationGuard guard = edge(sent, where);
        PartitionWriter writer = world.partition(where).openWriter(sender.producerId());
        Batch batch = Batch.data(sender.producerId(), sender.epoch(), sequence, true, List.of(text(sent)));
        return writer.append(tape.encode(world.time(), batch), guard);
    }

    /** By the older rules sequences go on, and those of what was given up are given to what comes next. */
    private int takenBefore(int transaction, int partition) {
        int count = 0;
        for (int before = 0; before < transaction; before++) {
            count += taken[before][partition];
        }
        return count;
    }

    private String text(Sent sent) {
        return name + " " + sent.transaction() + " " + sent.message();
    }

    private long stage(Sent sent) {
        ProducerIdAndEpoch sender = selves.get(sent.transaction());
        VerificationGuard guard = edge(sent, World.OFFSETS);
        List<GroupError> answers = new ArrayList<>();
        world.broker().groups().commitInTransaction(sender.producerId(), sender.epoch(), guard, new CommitRequest(name,
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
        world.broker().groups().fetch(name, List.of(INPUT), Stability.ANY, answer -> told.add(answer
                .offsets().get(0).committed().offset()));
        return told.get(0);
    }
}
