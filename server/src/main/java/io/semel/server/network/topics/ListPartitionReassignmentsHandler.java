package io.semel.server.network.topics;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.wire.message.ListPartitionReassignmentsRequestData;
import io.semel.wire.message.ListPartitionReassignmentsResponseData;
import io.semel.wire.protocol.Errors;

/** No partition is ever on its way from one node to another. */
public final class ListPartitionReassignmentsHandler implements Handler<ListPartitionReassignmentsRequestData> {
    private final Served served;

    public ListPartitionReassignmentsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(ListPartitionReassignmentsRequestData request, Exchange exchange) {
        Errors error = new Rights(served, exchange).onCluster(Operation.DESCRIBE)
                ? Errors.NONE
                : Errors.CLUSTER_AUTHORIZATION_FAILED;
        exchange.answer(new ListPartitionReassignmentsResponseData().setErrorCode(error.code()).setErrorMessage(
                error == Errors.NONE ? null : error.message()));
    }
}
