package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.verify.disk.Journal;

/**
 * A producer of a script: an instance of a transactional id, or one that has only a producer id and survives whatever
 * happens to the house, as if it were at the other end of a network. Thread rule: one thread.
 */
final class Actor {
    private final Stage stage;
    private final Tape tape = new Tape(Journal.SILENT, new ProtocolCounts());
    /** By topic. */
    private final Map<String, Integer> nextSequences = new HashMap<>();
    /** By topic and records: what a batch that is sent again bears. */
    private final Map<String, Integer> sent = new HashMap<>();
    private Initialization initialization;
    private TransactionSession session;
    private long producerId;

    Actor(Stage stage) {
        this.stage = stage;
    }

    static Actor withId(Stage stage, long producerId) {
        Actor actor = new Actor(stage);
        actor.producerId = producerId;
        return actor;
    }

    boolean isTransactional() {
        return initialization != null;
    }

    long producerId() {
        return producerId;
    }

    /** Asked again while it is pending, the same initialization goes on. */
    Answer open(Initialization begun) {
        if (initialization == null) {
            initialization = begun;
        }
        Progress progress = initialization.step();
        if (progress == Progress.DONE) {
            session = initialization.session();
            producerId = session.producerId();
        }
        return Answer.of(progress);
    }

    private TransactionSession session() {
        if (session == null) {
            throw new ScriptException("it has no transactional id yet; 'WHO opens ID' must be answered 'done' first");
        }
        return session;
    }

    Answer begin() {
        return Answer.of(session().begin());
    }

    Answer commit() {
        return Answer.of(session().commit());
    }

    Answer abort() {
        return Answer.of(session().abort());
    }

    Answer ask() {
        return Answer.told(session().outcome());
    }

    Answer touch(String topic) {
        return session().touch(stage.partition(topic)) == null ? Answer.appended(Refusal.FENCED) : Answer.DONE;
    }

    /** One batch with the sequence that comes next. */
    Answer send(List<String> records, String topic) {
        return Answer.appended(append(records, topic, nextSequence(records, topic)));
    }

    /** The network does: the house never hears of it, unless it is sent again. */
    Answer lose(List<String> records, String topic) {
        nextSequences.put(topic, nextSequence(records, topic) + records.size());
        return Answer.DONE;
    }

    private int nextSequence(List<String> records, String topic) {
        int sequence = nextSequences.getOrDefault(topic, 0);
        if (sent.putIfAbsent(topic + records, sequence) != null) {
            throw new ScriptException("it has sent " + records + " to " + topic + " before: say 'again', or name them"
                    + " otherwise");
        }
        return sequence;
    }

    /** The same batch, whatever became of the first. */
    Answer sendAgain(List<String> records, String topic) {
        Integer sequence = sent.get(topic + records);
        if (sequence == null) {
            throw new ScriptException("it never sent " + records + " to " + topic + " as one batch");
        }
        return Answer.appended(append(records, topic, sequence));
    }

    private long append(List<String> records, String topic, int sequence) {
        Partition partition = stage.partition(topic);
        PartitionWriter writer = isTransactional() ? session().touch(partition) : partition.openWriter(producerId);
        if (writer == null) {
            return isTransactional() ? Refusal.FENCED : Refusal.UNKNOWN_PRODUCER;
        }
        short epoch = isTransactional() ? session.epoch() : 0;
        long code = writer.append(tape.encode(stage.nowMs(), Batch.data(producerId, epoch, sequence, isTransactional(),
                records)));
        if (code >= 0) {
            nextSequences.merge(topic, sequence + records.size(), Math::max);
        }
        return code;
    }

    Answer stage(long offset, String group) {
        session().touch(stage.world().partition(World.OFFSETS));
        List<GroupError> answers = new ArrayList<>();
        stage.world().broker().groups().commitInTransaction(producerId, session.epoch(), new CommitRequest(group,
                Membership.NOBODY, List.of(OffsetToCommit.of(Stage.INPUT.topic(), Stage.INPUT.partition(), offset))),
                stage.nowMs(), answers::add);
        return Answer.of(answers.get(0));
    }
}
