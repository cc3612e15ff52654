package io.semel.server.network.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Failures;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.TopicExistsException;
import io.semel.wire.Uuid;
import io.semel.wire.message.MetadataRequestData;
import io.semel.wire.message.MetadataRequestData.MetadataRequestTopic;
import io.semel.wire.message.MetadataResponseData;
import io.semel.wire.message.MetadataResponseData.MetadataResponseBroker;
import io.semel.wire.message.MetadataResponseData.MetadataResponsePartition;
import io.semel.wire.message.MetadataResponseData.MetadataResponseTopic;
import io.semel.wire.protocol.Errors;

/** Where topics are; asked for one that does not exist, creates it if both sides want that. */
public final class MetadataHandler implements Handler<MetadataRequestData> {
    /** The first version in which an empty list of topics means none; before it means all. */
    private static final int EMPTY_MEANS_NONE = 1;

    /** The first version whose answer can say that a topic's name is not known. */
    private static final int NAMES_MAY_BE_NULL = 12;

    private final Served served;

    public MetadataHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(MetadataRequestData request, Exchange exchange) {
        List<MetadataRequestTopic> wanted = request.topics();
        if (wanted == null || wanted.isEmpty() && exchange.version() < EMPTY_MEANS_NONE) {
            exchange.answer(response(all(exchange)));
            return;
        }
        List<String> missing = wanted.stream().filter(each -> !isById(each)).map(MetadataRequestTopic::name).filter(
                name -> !served.broker().hasTopic(name)).toList();
        boolean creates = served.settings().autoCreateTopics() && (request.allowAutoTopicCreation() || exchange
                .version() < 4);
        if (missing.isEmpty() || !creates) {
            exchange.answer(response(named(wanted, Map.of(), exchange)));
            return;
        }
        DiskTurn.answer(served, exchange, Deadline.NEVER, deadline -> response(named(wanted, create(missing, deadline,
                exchange), exchange)));
    }

    /** What became of those that could not be created, by name. */
    private Map<String, Errors> create(List<String> names, Deadline deadline, Exchange exchange) {
        Map<String, Errors> failed = new HashMap<>();
        for (String name : names) {
            if (!served.authorizer().allows(exchange.peer(), Operation.CREATE, Resource.TOPIC, name)) {
                failed.put(name, Errors.TOPIC_AUTHORIZATION_FAILED);
                continue;
            }
            try {
                deadline.requireTime();
                served.broker().createTopic(name, served.settings().defaultPartitions(), served.settings()
                        .topicDefaults());
            } catch (TopicExistsException | RejectedExecutionException e) {
                // Somebody else was first: all the better. Or too much waits for the disk: the client asks again.
                continue;
            } catch (IOException | IllegalArgumentException e) {
                failed.put(name, Failures.codeOf(e));
            }
        }
        return failed;
    }

    private List<MetadataResponseTopic> all(Exchange exchange) {
        return served.broker().topics().stream().filter(topic -> mayDescribe(exchange, topic.name())).sorted(Comparator
                .comparing(Topic::name)).map(this::describe).toList();
    }

    private boolean mayDescribe(Exchange exchange, String name) {
        return served.authorizer().allows(exchange.peer(), Operation.DESCRIBE, Resource.TOPIC, name);
    }

    private List<MetadataResponseTopic> named(List<MetadataRequestTopic> wanted, Map<String, Errors> failed,
            Exchange exchange) {
        List<MetadataResponseTopic> topics = new ArrayList<>(wanted.size());
        for (MetadataRequestTopic each : wanted) {
            topics.add(isById(each) ? byId(each.topicId(), exchange) : byName(each.name(), failed, exchange));
        }
        return topics;
    }

    /** Clients that ask by id leave the name out, or empty. */
    private static boolean isById(MetadataRequestTopic wanted) {
        return wanted.name() == null || !wanted.topicId().equals(Uuid.ZERO_UUID);
    }

    private MetadataResponseTopic byName(String name, Map<String, Errors> failed, Exchange exchange) {
        if (!mayDescribe(exchange, name)) {
            return refused(name, Uuid.ZERO_UUID, Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        // A client waits for a topic that is unknown, and gives up at once one that can never be.
        Errors missing = Broker.isTopicName(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
        return served.broker().findTopic(name).map(this::describe).orElseGet(() -> refused(name, Uuid.ZERO_UUID, failed
                .getOrDefault(name, missing)));
    }

    private MetadataResponseTopic byId(Uuid id, Exchange exchange) {
        UUID wanted = TopicIds.ours(id);
        return served.broker().findTopic(wanted).filter(topic -> mayDescribe(exchange, topic.name())).map(
                this::describe).orElseGet(() -> refused(exchange.version() < NAMES_MAY_BE_NULL ? "" : null, id,
                        Errors.UNKNOWN_TOPIC_ID));
    }

    private static MetadataResponseTopic refused(String name, Uuid id, Errors error) {
        return new MetadataResponseTopic().setName(name).setTopicId(id).setErrorCode(error.code());
    }

    private MetadataResponseTopic describe(Topic topic) {
        MetadataResponseTopic described = new MetadataResponseTopic().setName(topic.name()).setTopicId(TopicIds
                .kafkas(topic.id())).setIsInternal(topic.isInternal());
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            List<Integer> replicas = served.nodes().replicasOf(partition);
            described.partitions().add(new MetadataResponsePartition().setPartitionIndex(partition)
                    .setErrorCode(topic.isOffline(partition)
                            ? Errors.KAFKA_STORAGE_ERROR.code()
                            : Errors.NONE.code())
                    .setLeaderId(served.nodes().leaderOf(partition).id()).setLeaderEpoch(leaderEpoch(topic, partition))
                    .setReplicaNodes(replicas).setIsrNodes(replicas).setOfflineReplicas(List.of()));
        }
        return described;
    }

    private static int leaderEpoch(Topic topic, int partition) {
        return topic.isOffline(partition) ? -1 : topic.partition(partition).log().leaderEpoch();
    }

    private MetadataResponseData response(List<MetadataResponseTopic> topics) {
        MetadataResponseData response = new MetadataResponseData().setClusterId(served.broker().clusterId())
                .setControllerId(served.nodes().controller().id());
        served.nodes().all().forEach(node -> response.brokers().add(new MetadataResponseBroker().setNodeId(node.id())
                .setHost(node.host()).setPort(node.port())));
        topics.forEach(response.topics()::add);
        return response;
    }
}
