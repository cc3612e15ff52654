package io.semel.server.network.groups;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.groups.GroupDescription;
import io.semel.wire.message.ListGroupsRequestData;
import io.semel.wire.message.ListGroupsResponseData;
import io.semel.wire.message.ListGroupsResponseData.ListedGroup;
import io.semel.wire.protocol.Errors;

/** All groups, or those of some states and types: whoever may describe the cluster sees all, others their own. */
public final class ListGroupsHandler implements Handler<ListGroupsRequestData> {
    private final Served served;

    public ListGroupsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(ListGroupsRequestData request, Exchange exchange) {
        Set<String> states = lowerCase(request.statesFilter());
        Set<String> types = lowerCase(request.typesFilter());
        boolean seesAll = served.authorizer().allows(exchange.peer(), Operation.DESCRIBE, Resource.CLUSTER,
                Authorizer.CLUSTER_NAME);
        ListGroupsResponseData response = new ListGroupsResponseData();
        for (GroupDescription.Listing each : served.broker().groups().list()) {
            ListedGroup listed = new ListedGroup().setGroupId(each.groupId()).setProtocolType(each.protocolType())
                    .setGroupState(GroupNames.of(each.state())).setGroupType(GroupNames.of(each.kind()));
            boolean isWanted = passes(states, listed.groupState()) && passes(types, listed.groupType());
            if (isWanted && (seesAll || GroupAccess.check(served, exchange, Operation.DESCRIBE, each
                    .groupId()) == Errors.NONE)) {
                response.groups().add(listed);
            }
        }
        exchange.answer(response);
    }

    private static Set<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.trim().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private static boolean passes(Set<String> filter, String name) {
        return filter.isEmpty() || filter.contains(name.toLowerCase(Locale.ROOT));
    }
}
