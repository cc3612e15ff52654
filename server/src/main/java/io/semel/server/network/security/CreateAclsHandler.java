package io.semel.server.network.security;

import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.transactions.records.AccessEntry;
import io.semel.wire.message.CreateAclsRequestData;
import io.semel.wire.message.CreateAclsRequestData.AclCreation;
import io.semel.wire.message.CreateAclsResponseData;
import io.semel.wire.message.CreateAclsResponseData.AclCreationResult;
import io.semel.wire.protocol.Errors;

/** Puts ACLs in force. */
public final class CreateAclsHandler implements Handler<CreateAclsRequestData> {
    /** Kinds of resources that ACLs can be about, by Kafka's codes: from topics to users. */
    private static final int FIRST_RESOURCE = 2;
    private static final int LAST_RESOURCE = 7;

    /** Operations that an ACL can name: from ALL to two-phase commit. */
    private static final int FIRST_OPERATION = 2;
    private static final int LAST_OPERATION = 15;

    private final Served served;

    public CreateAclsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(CreateAclsRequestData request, Exchange exchange) {
        Outcome right = AccessRight.of(served, exchange, Operation.ALTER);
        DiskTurn.answer(served, exchange, Deadline.NEVER, deadline -> {
            CreateAclsResponseData response = new CreateAclsResponseData();
            for (AclCreation wanted : request.creations()) {
                Outcome outcome = right.isDone() ? create(wanted, deadline) : right;
                response.results().add(new AclCreationResult().setErrorCode(outcome.code()).setErrorMessage(outcome
                        .message()));
            }
            return response;
        });
    }

    private Outcome create(AclCreation wanted, Deadline deadline) {
        String objection = objectionTo(wanted);
        return objection.isEmpty()
                ? Outcome.of(deadline, () -> served.broker().accessRules().add(entry(wanted)))
                : Outcome.refused(Errors.INVALID_REQUEST, objection);
    }

    private static AccessEntry entry(AclCreation wanted) {
        return new AccessEntry(wanted.resourceType(), wanted.resourcePatternType(), wanted.resourceName(), wanted
                .principal(), wanted.host(), wanted.operation(), wanted.permissionType());
    }

    /** Empty when there is none. */
    private static String objectionTo(AclCreation wanted) {
        if (wanted.resourceType() < FIRST_RESOURCE || wanted.resourceType() > LAST_RESOURCE) {
            return "no such kind of resource: " + wanted.resourceType();
        }
        if (wanted.resourceName().isEmpty()) {
            return "an ACL needs the name of a resource";
        }
        if (wanted.resourceType() == Resource.CLUSTER.code() && !wanted.resourceName().equals(
                Authorizer.CLUSTER_NAME)) {
            return "the cluster's one name is " + Authorizer.CLUSTER_NAME + ", and not " + wanted.resourceName();
        }
        if (wanted.resourcePatternType() != AccessEntry.LITERAL && wanted
                .resourcePatternType() != AccessEntry.PREFIXED) {
            return "a pattern is literal or prefixed, and not " + wanted.resourcePatternType();
        }
        if (wanted.operation() < FIRST_OPERATION || wanted.operation() > LAST_OPERATION) {
            return "no such operation: " + wanted.operation();
        }
        if (wanted.permissionType() != AccessEntry.ALLOW && wanted.permissionType() != AccessEntry.DENY) {
            return "an ACL allows or denies, and not " + wanted.permissionType();
        }
        boolean isPrincipal = wanted.principal().indexOf(':') > 0;
        return isPrincipal ? "" : "a principal is written User:name, and not " + wanted.principal();
    }
}
