package io.semel.server.monitor;

import java.util.stream.Stream;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.coordinator.TransactionView;
import io.semel.transactions.groups.GroupState;

/**
 * What a broker's parts come to, added up when somebody looks.
 *
 * <p>Thread rule: any thread; not that of an event loop, for it walks over everything.
 */
final class BrokerNumbers {
    private final Broker broker;

    BrokerNumbers(Broker broker) {
        this.broker = broker;
    }

    private Stream<Topic> usersTopics() {
        return broker.topics().stream().filter(topic -> !topic.isInternal());
    }

    long topics() {
        return usersTopics().count();
    }

    long partitions() {
        return usersTopics().mapToLong(Topic::partitionCount).sum();
    }

    long online() {
        return usersTopics().mapToLong(topic -> topic.partitions().size()).sum();
    }

    long offline() {
        return usersTopics().mapToLong(topic -> topic.offline().size()).sum();
    }

    /** Of all partitions. */
    long stableLag() {
        return usersTopics().flatMap(topic -> topic.partitions().stream()).mapToLong(PartitionSamples::stableLag)
                .sum();
    }

    long groups() {
        return broker.groups().list().size();
    }

    long groups(GroupState state) {
        return broker.groups().list().stream().filter(each -> each.state() == state).count();
    }

    long transactionalIds() {
        return broker.transactions().operator().list().size();
    }

    long openTransactions() {
        return broker.transactions().operator().list().stream().map(TransactionView::status).filter(
                status -> switch (status) {
                    case ONGOING, PREPARED, PREPARE_COMMIT, PREPARE_ABORT, PREPARE_EPOCH_FENCE -> true;
                    case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT, DEAD -> false;
                }).count();
    }
}
