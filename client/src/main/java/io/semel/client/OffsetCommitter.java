package io.semel.client;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.KafkaException;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.KafkaErrors;
import io.semel.client.runtime.Waiting;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.records.OffsetCommitValue;

/**
 * Stages a group's offsets in a transaction, for whoever is no member of the group. Thread rule: one thread at a time.
 */
final class OffsetCommitter {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ClientRuntime runtime;
    private GroupError answer;

    OffsetCommitter(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    void commit(TransactionSession session, String group, String topic, int partition, long offset) {
        Broker broker = runtime.broker();
        if (session.touch(broker.partition(Broker.OFFSETS_TOPIC, 0)) == null) {
            throw KafkaErrors.notDone(Progress.FENCED, session, "commitOffset");
        }
        CommitRequest request = new CommitRequest(group, Membership.NOBODY,
                List.of(new OffsetToCommit(topic, partition, offset, OffsetCommitValue.NO_LEADER_EPOCH, "", runtime
                        .topic(topic)
                        .id())));
        stage(session, request);
        if (KafkaErrors.isTransient(answer)) {
            Waiting waiting = Waiting.upTo(TIMEOUT, "room in " + Broker.OFFSETS_TOPIC);
            while (KafkaErrors.isTransient(answer)) {
                waiting.pause();
                stage(session, request);
            }
        }
        if (answer == GroupError.INVALID_PRODUCER_EPOCH) {
            throw KafkaErrors.notDone(Progress.FENCED, session, "commitOffset");
        }
        if (answer != GroupError.NONE) {
            throw new KafkaException("offset not committed: group=" + group + " partition=" + topic + '-' + partition
                    + " offset=" + offset + " transactionalId=" + session.transactionalId() + ": " + answer);
        }
    }

    /** The coordinator answers a transactional commit before it returns. */
    private void stage(TransactionSession session, CommitRequest request) {
        runtime.broker().groups().commitInTransaction(session.producerId(), session.epoch(), request,
                runtime.clock().time(), error -> answer = error);
    }
}
