package io.semel.server.network.groups;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.groups.Membership;
import io.semel.wire.message.HeartbeatRequestData;
import io.semel.wire.message.HeartbeatResponseData;
import io.semel.wire.protocol.Errors;

/** A member is alive, and asks whether the others want another generation. */
public final class HeartbeatHandler implements Handler<HeartbeatRequestData> {
    private final Served served;

    public HeartbeatHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(HeartbeatRequestData request, Exchange exchange) {
        Errors error = GroupAccess.checkNamed(served, exchange, Operation.READ, request.groupId());
        if (error == Errors.NONE) {
            error = GroupCodes.errorOf(served.broker().groups().heartbeat(request.groupId(), new Membership(request
                    .memberId(), request.groupInstanceId(), request.generationId())));
        }
        exchange.answer(new HeartbeatResponseData().setErrorCode(error.code()));
    }
}
