package io.semel.server.network.groups;

import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.groups.Reply;
import io.semel.wire.message.DeleteGroupsRequestData;
import io.semel.wire.message.DeleteGroupsResponseData;
import io.semel.wire.message.DeleteGroupsResponseData.DeletableGroupResult;
import io.semel.wire.protocol.Errors;

/** Deletes groups without members, and their offsets. */
public final class DeleteGroupsHandler implements Handler<DeleteGroupsRequestData> {
    private final Served served;

    public DeleteGroupsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DeleteGroupsRequestData request, Exchange exchange) {
        List<String> groups = request.groupsNames().stream().distinct().toList();
        Gathering<Errors> gathering = new Gathering<>(groups.size(), outcomes -> exchange.answer(response(groups,
                outcomes)));
        for (int index = 0; index < groups.size(); index++) {
            delete(groups.get(index), exchange, gathering.slot(index));
        }
    }

    private void delete(String groupId, Exchange exchange, Reply<Errors> reply) {
        Errors refusal = GroupAccess.check(served, exchange, Operation.DELETE, groupId);
        if (refusal != Errors.NONE) {
            reply.complete(refusal);
            return;
        }
        served.broker().groups().deleteGroup(groupId, served.clock().time(), error -> reply.complete(GroupCodes
                .errorOf(error)));
    }

    private static DeleteGroupsResponseData response(List<String> groups, List<Errors> outcomes) {
        DeleteGroupsResponseData response = new DeleteGroupsResponseData();
        for (int index = 0; index < groups.size(); index++) {
            response.results().add(new DeletableGroupResult().setGroupId(groups.get(index)).setErrorCode(outcomes.get(
                    index).code()));
        }
        return response;
    }
}
