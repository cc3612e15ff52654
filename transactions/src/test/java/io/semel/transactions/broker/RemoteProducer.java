package io.semel.transactions.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.semel.log.batch.RecordBatchWriter;
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
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.partition.VerificationGuard;

/**
 * A producer at the other end of a connection: all that it knows it was answered, and crashes of ours don't concern it.
 */
final class RemoteProducer {
    private final BrokerRig rig;
    private final String transactionalId;
    private final TransactionRules rules;
    private final Map<String, Integer> nextSequences = new HashMap<>();
    private final RecordBatchWriter batch = new RecordBatchWriter(256, 8192);
    private ProducerIdAndEpoch self;

    private RemoteProducer(BrokerRig rig, String transactionalId, TransactionRules rules) {
        this.rig = rig;
        this.transactionalId = transactionalId;
        this.rules = rules;
    }

    /** By KIP-890's rules. */
    static RemoteProducer open(BrokerRig rig, String transactionalId) {
        return open(rig, transactionalId, TransactionRules.NEW_EPOCH_AT_EVERY_END);
    }

    static RemoteProducer open(BrokerRig rig, String transactionalId, TransactionRules rules) {
        return open(rig, transactionalId, rules, rules);
    }

    /** Who speaks by other rules than its first request was taken for. */
    static RemoteProducer open(BrokerRig rig, String transactionalId, TransactionRules rules,
            TransactionRules guessed) {
        RemoteProducer producer = new RemoteProducer(rig, transactionalId, rules);
        Initialization initialization = rig.broker().transactions().initialize(transactionalId, InstanceRequest.remote(
                Instance.TIMEOUT_MS, guessed));
        Progress progress = initialization.step();
        for (int round = 0; round < 3 && progress == Progress.PENDING; round++) {
            rig.pass(0);
            progress = initialization.step();
        }
        if (progress != Progress.DONE) {
            throw new AssertionError("initialization of " + transactionalId + " ended as " + progress);
        }
        producer.become(initialization.producer());
        return producer;
    }

    String transactionalId() {
        return transactionalId;
    }

    ProducerIdAndEpoch self() {
        return self;
    }

    RemoteTransaction door() {
        return rig.broker().transactions().remote(transactionalId, rules).orElseThrow();
    }

    /** Goes on as whom an answer named. */
    void become(ProducerIdAndEpoch next) {
        if (!next.equals(self)) {
            nextSequences.clear();
        }
        self = next;
    }

    RemoteProducer put(String topic, String value) {
        long code = append(self, topic, nextSequences.getOrDefault(topic, 0), value);
        if (code < 0) {
            throw new AssertionError("append ended as " + Refusal.describe(code));
        }
        nextSequences.merge(topic, 1, Integer::sum);
        return this;
    }

    /** The same producer, for another thread. */
    RemoteProducer another() {
        RemoteProducer other = new RemoteProducer(rig, transactionalId, rules);
        other.become(self);
        return other;
    }

    /** A batch as it may come at any time; whatever the coordinator says, the partition judges it. */
    long append(ProducerIdAndEpoch sender, String topic, int sequence, String value) {
        door().join(sender, rig.broker().partition(topic, 0));
        return appendAs(sender, VerificationGuard.NOT_NEEDED, topic, sequence, value);
    }

    long appendAs(ProducerIdAndEpoch sender, VerificationGuard guard, String topic, int sequence, String value) {
        PartitionWriter writer = rig.broker().partition(topic, 0).openWriter(sender.producerId());
        return writer == null ? Refusal.UNKNOWN_PRODUCER : writer.append(encode(sender, sequence, value), guard);
    }

    private ByteBuffer encode(ProducerIdAndEpoch sender, int sequence, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        batch.begin(rig.clock.time()).producer(sender.producerId(), sender.epoch(), sequence).asTransactional();
        batch.tryAppend(rig.clock.time(), bytes, bytes);
        return batch.finish();
    }

    GroupError stage(ProducerIdAndEpoch sender, String group, long offset) {
        door().join(sender, rig.broker().partition(Broker.OFFSETS_TOPIC, 0));
        return stageAs(sender, VerificationGuard.NOT_NEEDED, group, offset);
    }

    GroupError stageAs(ProducerIdAndEpoch sender, VerificationGuard guard, String group, long offset) {
        List<GroupError> answers = new ArrayList<>();
        rig.broker().groups().commitInTransaction(sender.producerId(), sender.epoch(), guard, new CommitRequest(group,
                Membership.NOBODY, List.of(OffsetToCommit.of("in", 0, offset))), rig.clock.time(), answers::add);
        return answers.get(0);
    }

    /** Commits, and goes on as whom the answer names. */
    EndAnswer commit() {
        EndAnswer answer = door().commit(self);
        become(answer.next());
        return answer;
    }

    EndAnswer abort() {
        EndAnswer answer = door().abort(self);
        become(answer.next());
        return answer;
    }
}
