package io.semel.server.network.topics;

import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.CreatePartitionsRequestData;
import io.semel.wire.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import io.semel.wire.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import io.semel.wire.message.CreatePartitionsResponseData;
import io.semel.wire.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import io.semel.wire.protocol.Errors;

/** Gives topics more partitions. */
public final class CreatePartitionsHandler implements Handler<CreatePartitionsRequestData> {
    private final Served served;

    public CreatePartitionsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(CreatePartitionsRequestData request, Exchange exchange) {
        Rights rights = new Rights(served, exchange);
        DiskTurn.answer(served, exchange, Deadline.in(served.clock(), request.timeoutMs()), deadline -> {
            CreatePartitionsResponseData response = new CreatePartitionsResponseData();
            for (String name : request.topics().stream().map(CreatePartitionsTopic::name).distinct().toList()) {
                List<CreatePartitionsTopic> all = request.topics().findAll(name);
                Outcome outcome = all.size() > 1
                        ? Outcome.refused(Errors.INVALID_REQUEST, "the request names this topic more than once: "
                                + name)
                        : grow(all.get(0), Intent.of(request.validateOnly()), deadline, rights);
                response.results().add(new CreatePartitionsTopicResult().setName(name).setErrorCode(outcome.code())
                        .setErrorMessage(outcome.message()));
            }
            return response;
        });
    }

    private Outcome grow(CreatePartitionsTopic wanted, Intent intent, Deadline deadline, Rights rights) {
        if (!rights.onTopic(Operation.ALTER, wanted.name())) {
            return Outcome.refused(Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        Outcome judged = wanted.assignments() == null ? Outcome.DONE : judgeAssignments(wanted);
        if (!judged.isDone()) {
            return judged;
        }
        return Outcome.of(deadline, () -> {
            if (intent == Intent.LOOK) {
                served.broker().requireGrowable(wanted.name(), wanted.count());
            } else {
                served.broker().addPartitions(wanted.name(), wanted.count());
            }
        });
    }

    private Outcome judgeAssignments(CreatePartitionsTopic wanted) {
        int more = wanted.count() - served.broker().findTopic(wanted.name()).map(Topic::partitionCount).orElse(0);
        boolean isGrowing = served.broker().hasTopic(wanted.name()) && more > 0;
        if (isGrowing && wanted.assignments().size() != more) {
            return Outcome.refused(Errors.INVALID_REPLICA_ASSIGNMENT, "topic=" + wanted.name() + " gets " + more
                    + " more partitions, and replicas are assigned for " + wanted.assignments().size());
        }
        return Replicas.judge(wanted.assignments().stream().map(CreatePartitionsAssignment::brokerIds).toList(), served
                .nodes());
    }
}
