package io.semel.server.network.topics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.broker.ConfigNames;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.CreateTopicsRequestData;
import io.semel.wire.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import io.semel.wire.message.CreateTopicsRequestData.CreatableTopic;
import io.semel.wire.message.CreateTopicsRequestData.CreatableTopicConfig;
import io.semel.wire.message.CreateTopicsResponseData;
import io.semel.wire.message.CreateTopicsResponseData.CreatableTopicConfigs;
import io.semel.wire.message.CreateTopicsResponseData.CreatableTopicResult;
import io.semel.wire.protocol.Errors;

/** Creates topics, or says whether they could be. */
public final class CreateTopicsHandler implements Handler<CreateTopicsRequestData> {
    /** A topic that is only looked at has no id. */
    private static final UUID NO_ID = new UUID(0, 0);

    private final Served served;

    public CreateTopicsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(CreateTopicsRequestData request, Exchange exchange) {
        DiskTurn.answer(served, exchange, Deadline.in(served.clock(), request.timeoutMs()), deadline -> {
            CreateTopicsResponseData response = new CreateTopicsResponseData();
            for (CreatableTopic wanted : request.topics()) {
                if (request.topics().findAll(wanted.name()).size() == 1) {
                    response.topics().add(create(wanted, Intent.of(request.validateOnly()), deadline, new Rights(served,
                            exchange)));
                } else if (response.topics().find(wanted.name()) == null) {
                    response.topics().add(refused(wanted, Outcome.refused(Errors.INVALID_REQUEST,
                            "the request names this topic more than once: " + wanted.name())));
                }
            }
            return response;
        });
    }

    private CreatableTopicResult create(CreatableTopic wanted, Intent intent, Deadline deadline, Rights rights) {
        String name = wanted.name();
        if (!rights.onCluster(Operation.CREATE) && !rights.onTopic(Operation.CREATE, name)) {
            return refused(wanted, Outcome.refused(Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        Outcome judged = judge(wanted);
        if (!judged.isDone()) {
            return refused(wanted, judged);
        }
        int count = countOf(wanted);
        Map<String, String> configs = new LinkedHashMap<>(served.settings().topicDefaults());
        wanted.configs().forEach(config -> configs.put(config.name(), config.value()));
        Outcome outcome = Outcome.of(deadline, () -> {
            if (intent == Intent.LOOK) {
                served.broker().requireCreatable(name, count, configs, ConfigNames.KAFKAS);
            } else {
                served.broker().createTopic(name, count, configs, ConfigNames.KAFKAS);
            }
        });
        if (!outcome.isDone()) {
            return refused(wanted, outcome);
        }
        Topic looked = new Topic(NO_ID, name, configs, List.of(), List.of());
        return described(served.broker().findTopic(name).orElse(looked), count, rights);
    }

    /** All that the broker does not judge itself. */
    private Outcome judge(CreatableTopic wanted) {
        for (CreatableTopicConfig config : wanted.configs()) {
            if (config.value() == null || wanted.configs().findAll(config.name()).size() > 1) {
                return Outcome.refused(Errors.INVALID_CONFIG, "configuration without a value, or named twice: "
                        + config.name());
            }
        }
        if (!wanted.assignments().isEmpty()) {
            return judgeAssignments(wanted);
        }
        return Replicas.judgeFactor(wanted.replicationFactor(), served.nodes());
    }

    private Outcome judgeAssignments(CreatableTopic wanted) {
        if (wanted.numPartitions() != Replicas.DEFAULT || wanted.replicationFactor() != Replicas.DEFAULT) {
            return Outcome.refused(Errors.INVALID_REQUEST, "topic=" + wanted.name()
                    + ": where replicas are assigned, partitions and replication factor must be -1");
        }
        List<List<Integer>> replicas = new ArrayList<>();
        for (int partition : IntStream.range(0, wanted.assignments().size()).toArray()) {
            CreatableReplicaAssignment assignment = wanted.assignments().find(partition);
            if (assignment == null) {
                return Outcome.refused(Errors.INVALID_REPLICA_ASSIGNMENT, "topic=" + wanted.name()
                        + ": partitions must be assigned from 0 on without a gap, and " + partition + " is missing");
            }
            replicas.add(assignment.brokerIds());
        }
        return Replicas.judge(replicas, served.nodes());
    }

    private int countOf(CreatableTopic wanted) {
        if (!wanted.assignments().isEmpty()) {
            return wanted.assignments().size();
        }
        return wanted.numPartitions() == Replicas.DEFAULT
                ? served.settings().defaultPartitions()
                : wanted.numPartitions();
    }

    private static CreatableTopicResult refused(CreatableTopic wanted, Outcome outcome) {
        return new CreatableTopicResult().setName(wanted.name()).setErrorCode(outcome.code()).setErrorMessage(outcome
                .message()).setConfigs(List.of());
    }

    private CreatableTopicResult described(Topic topic, int count, Rights rights) {
        CreatableTopicResult result = new CreatableTopicResult().setName(topic.name()).setTopicId(TopicIds.kafkas(topic
                .id())).setErrorMessage(null).setConfigs(List.of());
        if (!rights.onTopic(Operation.DESCRIBE_CONFIGS, topic.name())) {
            return result.setTopicConfigErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        }
        return result.setNumPartitions(count).setReplicationFactor((short) served.nodes().all().size()).setConfigs(
                ConfigDescription.of(served.broker(), topic).stream().map(config -> new CreatableTopicConfigs().setName(
                        config.name()).setValue(config.value()).setConfigSource(config.source().code())).toList());
    }
}
