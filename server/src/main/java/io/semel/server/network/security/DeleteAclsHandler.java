package io.semel.server.network.security;

import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.transactions.records.AccessEntry;
import io.semel.wire.message.DeleteAclsRequestData;
import io.semel.wire.message.DeleteAclsRequestData.DeleteAclsFilter;
import io.semel.wire.message.DeleteAclsResponseData;
import io.semel.wire.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import io.semel.wire.message.DeleteAclsResponseData.DeleteAclsMatchingAcl;

/** Takes ACLs out of force. */
public final class DeleteAclsHandler implements Handler<DeleteAclsRequestData> {
    private final Served served;

    public DeleteAclsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DeleteAclsRequestData request, Exchange exchange) {
        Outcome right = AccessRight.of(served, exchange, Operation.ALTER);
        DiskTurn.answer(served, exchange, Deadline.NEVER, deadline -> {
            DeleteAclsResponseData response = new DeleteAclsResponseData();
            for (DeleteAclsFilter wanted : request.filters()) {
                response.filterResults().add(right.isDone() ? delete(filterOf(wanted), deadline) : refused(right));
            }
            return response;
        });
    }

    private static AccessFilter filterOf(DeleteAclsFilter wanted) {
        return new AccessFilter(wanted.resourceTypeFilter(), wanted.resourceNameFilter(), wanted.patternTypeFilter(),
                wanted.principalFilter(), wanted.hostFilter(), wanted.operation(), wanted.permissionType());
    }

    private static DeleteAclsFilterResult refused(Outcome outcome) {
        return new DeleteAclsFilterResult().setErrorCode(outcome.code()).setErrorMessage(outcome.message());
    }

    private DeleteAclsFilterResult delete(AccessFilter filter, Deadline deadline) {
        if (!filter.isKnown()) {
            return refused(AccessFilter.NOT_KNOWN);
        }
        DeleteAclsFilterResult result = new DeleteAclsFilterResult().setErrorMessage(null);
        List<AccessEntry> matching = filter.of(served.broker().accessRules().inForce()).toList();
        for (AccessEntry entry : matching) {
            Outcome outcome = Outcome.of(deadline, () -> served.broker().accessRules().remove(entry));
            result.matchingAcls().add(new DeleteAclsMatchingAcl().setErrorCode(outcome.code()).setErrorMessage(
                    outcome.message()).setResourceType(entry.resourceType()).setResourceName(entry
                            .resource()).setPatternType(entry.patternType()).setPrincipal(entry.principal()).setHost(
                                    entry.host()).setOperation(entry.operation()).setPermissionType(entry
                                            .permissionType()));
        }
        return result;
    }
}
