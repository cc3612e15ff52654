package io.semel.server.network.groups;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.groups.GroupDescription;
import io.semel.transactions.groups.GroupKind;
import io.semel.transactions.groups.GroupState;
import io.semel.wire.message.DescribeGroupsRequestData;
import io.semel.wire.message.DescribeGroupsResponseData;
import io.semel.wire.message.DescribeGroupsResponseData.DescribedGroup;
import io.semel.wire.message.DescribeGroupsResponseData.DescribedGroupMember;
import io.semel.wire.protocol.Errors;

/** Groups whose members assign partitions among themselves, with their members. */
public final class DescribeGroupsHandler implements Handler<DescribeGroupsRequestData> {
    /** The first version in which a group that nobody knows is an error; before, it is dead. */
    private static final int TELLS_NOT_FOUND = 6;

    private final Served served;

    public DescribeGroupsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DescribeGroupsRequestData request, Exchange exchange) {
        DescribeGroupsResponseData response = new DescribeGroupsResponseData();
        for (String groupId : request.groups()) {
            DescribedGroup described = describe(groupId, exchange);
            if (request.includeAuthorizedOperations() && described.errorCode() == Errors.NONE.code()) {
                described.setAuthorizedOperations(GroupAccess.allowedOperations(served, exchange, groupId));
            }
            response.groups().add(described);
        }
        exchange.answer(response);
    }

    private DescribedGroup describe(String groupId, Exchange exchange) {
        DescribedGroup described = new DescribedGroup().setGroupId(groupId);
        Errors refusal = GroupAccess.check(served, exchange, Operation.DESCRIBE, groupId);
        if (refusal != Errors.NONE) {
            return described.setErrorCode(refusal.code());
        }
        GroupDescription group = served.broker().groups().describe(groupId);
        if (group.state() == GroupState.DEAD || group.kind() != GroupKind.CLASSIC) {
            described.setGroupState(GroupNames.of(GroupState.DEAD));
            return exchange.version() < TELLS_NOT_FOUND
                    ? described
                    : described.setErrorCode(Errors.GROUP_ID_NOT_FOUND.code()).setErrorMessage("Group " + groupId
                            + " is not a classic group.");
        }
        described.setGroupState(GroupNames.of(group.state())).setProtocolType(group.protocolType());
        boolean isSettled = group.state() == GroupState.STABLE;
        for (GroupDescription.Member each : group.members()) {
            DescribedGroupMember member = new DescribedGroupMember().setMemberId(each.memberId()).setGroupInstanceId(
                    each.groupInstanceId()).setClientId(each.clientId()).setClientHost(each.clientHost());
            // As in Kafka: before the generation is assigned, what members said belongs to no protocol yet.
            described.members().add(isSettled
                    ? member.setMemberMetadata(each.metadata()).setMemberAssignment(each.assignment())
                    : member);
        }
        return isSettled ? described.setProtocolData(group.protocol()) : described;
    }
}
