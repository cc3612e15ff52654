package io.semel.server.network.topics;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.broker.Topic;
import io.semel.wire.Uuid;
import io.semel.wire.message.DeleteTopicsRequestData;
import io.semel.wire.message.DeleteTopicsRequestData.DeleteTopicState;
import io.semel.wire.message.DeleteTopicsResponseData;
import io.semel.wire.message.DeleteTopicsResponseData.DeletableTopicResult;
import io.semel.wire.protocol.Errors;

/** Deletes topics, by name or by id. */
public final class DeleteTopicsHandler implements Handler<DeleteTopicsRequestData> {
    /** The first version that names topics by id. */
    private static final int WITH_IDS = 6;

    private final Served served;

    public DeleteTopicsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DeleteTopicsRequestData request, Exchange exchange) {
        List<DeleteTopicState> wanted = exchange.version() >= WITH_IDS
                ? request.topics()
                : request.topicNames().stream().map(name -> new DeleteTopicState().setName(name)).toList();
        Rights rights = new Rights(served, exchange);
        DiskTurn.answer(served, exchange, Deadline.in(served.clock(), request.timeoutMs()), deadline -> {
            DeleteTopicsResponseData response = new DeleteTopicsResponseData();
            wanted.stream().distinct().forEach(each -> response.responses().add(Collections.frequency(wanted, each) > 1
                    ? answer(each.name(), each.topicId(), Outcome.refused(Errors.INVALID_REQUEST,
                            "the request names this topic more than once"))
                    : delete(each, deadline, rights)));
            return response;
        });
    }

    private DeletableTopicResult delete(DeleteTopicState wanted, Deadline deadline, Rights rights) {
        boolean isById = !wanted.topicId().equals(Uuid.ZERO_UUID);
        if (isById == (wanted.name() != null)) {
            return answer(wanted.name(), wanted.topicId(), Outcome.refused(Errors.INVALID_REQUEST,
                    "a topic is named either by its name or by its id"));
        }
        return isById ? deleteById(wanted.topicId(), deadline, rights) : deleteByName(wanted.name(), deadline, rights);
    }

    private DeletableTopicResult deleteByName(String name, Deadline deadline, Rights rights) {
        Uuid id = served.broker().findTopic(name).filter(topic -> rights.onTopic(Operation.DESCRIBE, name)).map(
                topic -> TopicIds.kafkas(topic.id())).orElse(Uuid.ZERO_UUID);
        return answer(name, id, rights.onTopic(Operation.DELETE, name)
                ? Outcome.of(deadline, () -> served.broker().deleteTopic(name))
                : Outcome.refused(Errors.TOPIC_AUTHORIZATION_FAILED));
    }

    /** Whoever may not even see a topic must not learn its name. */
    private DeletableTopicResult deleteById(Uuid id, Deadline deadline, Rights rights) {
        Optional<Topic> found = served.broker().findTopic(TopicIds.ours(id));
        if (found.isEmpty()) {
            return answer(null, id, Outcome.refused(Errors.UNKNOWN_TOPIC_ID));
        }
        String name = found.get().name();
        if (!rights.onTopic(Operation.DELETE, name)) {
            return answer(rights.onTopic(Operation.DESCRIBE, name) ? name : null, id, Outcome.refused(
                    Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        Outcome outcome = Outcome.of(deadline, () -> served.broker().deleteTopic(found.get().id()));
        return answer(name, id, outcome.error() == Errors.UNKNOWN_TOPIC_OR_PARTITION
                ? Outcome.refused(Errors.UNKNOWN_TOPIC_ID)
                : outcome);
    }

    private static DeletableTopicResult answer(String name, Uuid id, Outcome outcome) {
        return new DeletableTopicResult().setName(name).setTopicId(id).setErrorCode(outcome.code()).setErrorMessage(
                outcome.message());
    }
}
