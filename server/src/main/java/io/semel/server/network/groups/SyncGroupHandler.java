package io.semel.server.network.groups;

import java.util.HashMap;
import java.util.Map;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.SyncRequest;
import io.semel.transactions.groups.SyncResult;
import io.semel.wire.message.SyncGroupRequestData;
import io.semel.wire.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import io.semel.wire.message.SyncGroupResponseData;
import io.semel.wire.protocol.Errors;

/** A member asks for its assignment, and is answered when the leader has brought everybody's. */
public final class SyncGroupHandler implements Handler<SyncGroupRequestData> {
    /** The first version in which a member must say what it was told to be the group's protocol. */
    private static final int NAMES_PROTOCOL = 5;

    private final Served served;

    public SyncGroupHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(SyncGroupRequestData request, Exchange exchange) {
        Errors refusal = refusal(request, exchange);
        if (refusal != Errors.NONE) {
            exchange.answer(new SyncGroupResponseData().setErrorCode(refusal.code()));
            return;
        }
        Map<String, byte[]> assignments = new HashMap<>();
        for (SyncGroupRequestAssignment each : request.assignments()) {
            assignments.put(each.memberId(), each.assignment());
        }
        Membership member = new Membership(request.memberId(), request.groupInstanceId(), request.generationId());
        served.broker().groups().sync(request.groupId(), new SyncRequest(member, orEmpty(request.protocolType()),
                orEmpty(request.protocolName()), assignments), result -> exchange.answer(response(result)));
    }

    private Errors refusal(SyncGroupRequestData request, Exchange exchange) {
        if (exchange.version() >= NAMES_PROTOCOL && (request.protocolType() == null || request
                .protocolName() == null)) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        return GroupAccess.checkNamed(served, exchange, Operation.READ, request.groupId());
    }

    private static String orEmpty(String given) {
        return given == null ? "" : given;
    }

    private static SyncGroupResponseData response(SyncResult result) {
        SyncGroupResponseData response = new SyncGroupResponseData().setErrorCode(GroupCodes.of(result.error()));
        if (result.error() == GroupError.NONE) {
            response.setProtocolType(result.protocolType()).setProtocolName(result.protocol()).setAssignment(result
                    .assignment());
        }
        return response;
    }
}
