package io.semel.server.network.groups;

import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Node;
import io.semel.server.network.request.Served;
import io.semel.wire.message.FindCoordinatorRequestData;
import io.semel.wire.message.FindCoordinatorResponseData;
import io.semel.wire.message.FindCoordinatorResponseData.Coordinator;
import io.semel.wire.protocol.Errors;

/** Which node coordinates a group or a transactional id; any of them could. */
public final class FindCoordinatorHandler implements Handler<FindCoordinatorRequestData> {
    /** The first version that asks for many keys at once. */
    private static final int MANY_KEYS = 4;

    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;

    private static final Node NOBODY = new Node(-1, "", -1);

    private final Served served;

    public FindCoordinatorHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(FindCoordinatorRequestData request, Exchange exchange) {
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        if (exchange.version() >= MANY_KEYS) {
            List<Coordinator> found = request.coordinatorKeys().stream().map(key -> coordinator(key, request.keyType(),
                    exchange)).toList();
            exchange.answer(response.setCoordinators(found));
            return;
        }
        Coordinator found = coordinator(request.key(), request.keyType(), exchange);
        exchange.answer(response.setErrorCode(found.errorCode()).setErrorMessage(Errors.forCode(found.errorCode())
                .message()).setNodeId(found.nodeId()).setHost(found.host()).setPort(found.port()));
    }

    private Coordinator coordinator(String key, byte keyType, Exchange exchange) {
        Errors refusal = refusal(key, keyType, exchange);
        Node node = refusal == Errors.NONE ? served.nodes().coordinatorOf(key) : NOBODY;
        return new Coordinator().setKey(key).setErrorCode(refusal.code()).setNodeId(node.id()).setHost(node.host())
                .setPort(node.port());
    }

    private Errors refusal(String key, byte keyType, Exchange exchange) {
        return switch (keyType) {
            case GROUP -> GroupAccess.check(served, exchange, Operation.DESCRIBE, key);
            case TRANSACTION -> served.authorizer().allows(exchange.peer(), Operation.DESCRIBE,
                    Resource.TRANSACTIONAL_ID, key) ? Errors.NONE : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            // Share groups are not served.
            default -> Errors.INVALID_REQUEST;
        };
    }
}
