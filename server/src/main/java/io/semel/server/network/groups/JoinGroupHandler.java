package io.semel.server.network.groups;

import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.groups.JoinRequest;
import io.semel.transactions.groups.JoinRequest.FirstJoin;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.JoinResult.Assigning;
import io.semel.wire.message.JoinGroupRequestData;
import io.semel.wire.message.JoinGroupResponseData;
import io.semel.wire.message.JoinGroupResponseData.JoinGroupResponseMember;
import io.semel.wire.protocol.Errors;

/**
 * A member wants to be in the next generation; it is answered when that begins. A member whose connection is gone keeps
 * its seat until its session is over.
 */
public final class JoinGroupHandler implements Handler<JoinGroupRequestData> {
    /** The first version whose clients know that they are given an id first, and a seat when they come back with it. */
    private static final int ID_FIRST = 4;
    /** The first version in which what was not chosen is null. */
    private static final int NULLABLE_PROTOCOL = 7;
    /** The first version that can tell a leader not to assign (KIP-814). */
    private static final int SKIPS_ASSIGNMENT = 9;

    private final Served served;

    public JoinGroupHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(JoinGroupRequestData request, Exchange exchange) {
        Errors refusal = GroupAccess.checkNamed(served, exchange, Operation.READ, request.groupId());
        if (refusal != Errors.NONE) {
            exchange.answer(response(exchange.version(), "", "").setErrorCode(refusal.code()).setMemberId(request
                    .memberId()));
            return;
        }
        served.broker().groups().join(request.groupId(), wish(request, exchange), served.clock().time(),
                result -> exchange.answer(response(result, exchange.version())));
    }

    private static JoinRequest wish(JoinGroupRequestData request, Exchange exchange) {
        List<JoinRequest.Protocol> protocols = request.protocols().stream().map(each -> new JoinRequest.Protocol(each
                .name(), each.metadata())).toList();
        FirstJoin firstJoin = exchange.version() >= ID_FIRST ? FirstJoin.REQUIRE_MEMBER_ID : FirstJoin.ADMIT;
        return new JoinRequest(request.memberId(), request.groupInstanceId(), exchange.clientId(), exchange.peer()
                .shownHost(), request.sessionTimeoutMs(), request.rebalanceTimeoutMs(), request.protocolType(),
                protocols, firstJoin);
    }

    private static JoinGroupResponseData response(JoinResult result, short version) {
        JoinGroupResponseData response = response(version, result.protocolType(), result.protocol()).setErrorCode(
                GroupCodes.of(result.error())).setGenerationId(result.generation()).setMemberId(result.memberId());
        boolean skips = result.assignment() == Assigning.ALREADY_ASSIGNED && result.leaderId().equals(result
                .memberId());
        if (skips && version < SKIPS_ASSIGNMENT) {
            // It can't be told, so it does not hear that it leads: then it asks for what is assigned already.
            return response;
        }
        response.setLeader(result.leaderId()).setSkipAssignment(skips);
        for (JoinResult.Member member : result.members()) {
            response.members().add(new JoinGroupResponseMember().setMemberId(member.memberId()).setGroupInstanceId(
                    member.groupInstanceId()).setMetadata(member.metadata()));
        }
        return response;
    }

    private static JoinGroupResponseData response(short version, String protocolType, String protocol) {
        boolean isNull = version >= NULLABLE_PROTOCOL && protocol.isEmpty();
        return new JoinGroupResponseData().setProtocolType(isNull ? null : protocolType).setProtocolName(isNull
                ? null
                : protocol);
    }
}
