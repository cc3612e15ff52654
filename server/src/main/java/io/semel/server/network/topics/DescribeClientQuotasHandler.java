package io.semel.server.network.topics;

import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.wire.message.DescribeClientQuotasRequestData;
import io.semel.wire.message.DescribeClientQuotasResponseData;
import io.semel.wire.protocol.Errors;

/** There are no quotas: see {@link AlterClientQuotasHandler}. */
public final class DescribeClientQuotasHandler implements Handler<DescribeClientQuotasRequestData> {
    private final Served served;

    public DescribeClientQuotasHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DescribeClientQuotasRequestData request, Exchange exchange) {
        Errors error = new Rights(served, exchange).onCluster(Operation.DESCRIBE_CONFIGS)
                ? Errors.NONE
                : Errors.CLUSTER_AUTHORIZATION_FAILED;
        exchange.answer(new DescribeClientQuotasResponseData().setErrorCode(error.code()).setErrorMessage(
                error == Errors.NONE ? null : error.message()).setEntries(error == Errors.NONE ? List.of() : null));
    }
}
