package io.semel.server.network.groups;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.wire.message.LeaveGroupRequestData;
import io.semel.wire.message.LeaveGroupRequestData.MemberIdentity;
import io.semel.wire.message.LeaveGroupResponseData;
import io.semel.wire.message.LeaveGroupResponseData.MemberResponse;
import io.semel.wire.protocol.Errors;

/** Members give up their seats, or an administrator takes them. */
public final class LeaveGroupHandler implements Handler<LeaveGroupRequestData> {
    /** The first version in which many leave at once, each with a code of its own. */
    private static final int MANY_MEMBERS = 3;

    private final Served served;

    public LeaveGroupHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(LeaveGroupRequestData request, Exchange exchange) {
        LeaveGroupResponseData response = new LeaveGroupResponseData();
        Errors refusal = GroupAccess.checkNamed(served, exchange, Operation.READ, request.groupId());
        if (refusal != Errors.NONE) {
            response.setErrorCode(refusal.code());
        } else if (exchange.version() < MANY_MEMBERS) {
            response.setErrorCode(leave(request.groupId(), request.memberId(), null));
        } else {
            for (MemberIdentity each : request.members()) {
                response.members().add(new MemberResponse().setMemberId(each.memberId()).setGroupInstanceId(each
                        .groupInstanceId()).setErrorCode(leave(request.groupId(), each.memberId(), each
                                .groupInstanceId())));
            }
        }
        exchange.answer(response);
    }

    private short leave(String groupId, String memberId, String groupInstanceId) {
        return GroupCodes.of(served.broker().groups().leave(groupId, memberId, groupInstanceId, served.clock()
                .time()));
    }
}
