package io.semel.transactions.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.semel.log.Append;
import io.semel.log.batch.RecordBatchWriter;
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
import io.semel.transactions.records.TransactionHome;

/**
 * One instance of a transactional id, as a client would use it; it never waits for longer than other code needs to run.
 */
final class Instance {
    static final int TIMEOUT_MS = 60_000;

    final TransactionSession session;
    private final BrokerRig rig;
    private final Map<Partition, Integer> nextSequences = new IdentityHashMap<>();
    private final RecordBatchWriter batch = new RecordBatchWriter(256, 8192);

    Instance(BrokerRig rig, TransactionSession session) {
        this.rig = rig;
        this.session = session;
    }

    static Instance open(BrokerRig rig, String transactionalId) {
        Initialization initialization = initialize(rig, transactionalId);
        Progress progress = initialization.step();
        for (int round = 0; round < 3 && progress == Progress.PENDING; round++) {
            rig.pass(0);
            progress = initialization.step();
        }
        if (progress != Progress.DONE) {
            throw new AssertionError("initialization of " + transactionalId + " ended as " + progress);
        }
        return new Instance(rig, initialization.session());
    }

    static Initialization initialize(BrokerRig rig, String transactionalId) {
        return rig.broker().transactions().initialize(transactionalId, TIMEOUT_MS, TransactionHome.EMBEDDED);
    }

    Instance begin() {
        Progress progress = session.begin();
        if (progress != Progress.DONE) {
            throw new AssertionError("begin ended as " + progress);
        }
        return this;
    }

    /** Appends one record to the open transaction; it must be taken. */
    Instance put(String topic, String value) {
        long code = append(topic, 0, value);
        if (code < 0) {
            throw new AssertionError("append ended as " + Append.describe(code));
        }
        return this;
    }

    /** The offset, or why the record was refused. */
    long append(String topic, int index, String value) {
        Partition partition = rig.broker().partition(topic, index);
        PartitionWriter writer = session.touch(partition);
        if (writer == null) {
            return Refusal.FENCED;
        }
        int sequence = nextSequences.getOrDefault(partition, 0);
        long code = writer.append(encode(sequence, value));
        if (code >= 0) {
            nextSequences.put(partition, sequence + 1);
        }
        return code;
    }

    ByteBuffer encode(int sequence, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        batch.begin(rig.clock.time()).producer(session.producerId(), session.epoch(), sequence).asTransactional();
        batch.tryAppend(rig.clock.time(), bytes, bytes);
        return batch.finish();
    }

    GroupError commitOffset(String group, long offset) {
        session.touch(rig.broker().partition(Broker.OFFSETS_TOPIC, 0));
        List<GroupError> answers = new ArrayList<>();
        rig.broker().groups().commitInTransaction(session.producerId(), session.epoch(), new CommitRequest(group,
                Membership.NOBODY, List.of(OffsetToCommit.of("in", 0, offset))), rig.clock.time(), answers::add);
        return answers.get(0);
    }

    Progress commit() {
        return session.commit();
    }

    Progress abort() {
        return session.abort();
    }
}
