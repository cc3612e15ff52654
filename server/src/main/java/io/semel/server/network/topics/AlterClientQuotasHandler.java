package io.semel.server.network.topics;

import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.wire.message.AlterClientQuotasRequestData;
import io.semel.wire.message.AlterClientQuotasRequestData.OpData;
import io.semel.wire.message.AlterClientQuotasResponseData;
import io.semel.wire.message.AlterClientQuotasResponseData.EntityData;
import io.semel.wire.message.AlterClientQuotasResponseData.EntryData;
import io.semel.wire.protocol.Errors;

/**
 * Refuses quotas. Kafka's keep one tenant's bytes from pressing the others of a shared cluster; here every connection
 * is held back by what it has under way (frames, queued bytes, answers that it does not read), and a rate that is
 * stored and not kept to would be a lie. Taking one away that is not there is done already.
 */
public final class AlterClientQuotasHandler implements Handler<AlterClientQuotasRequestData> {
    private final Served served;

    public AlterClientQuotasHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(AlterClientQuotasRequestData request, Exchange exchange) {
        boolean isAllowed = new Rights(served, exchange).onCluster(Operation.ALTER_CONFIGS);
        List<EntryData> entries = request.entries().stream().map(wanted -> {
            Outcome outcome = isAllowed
                    ? judge(wanted.ops())
                    : Outcome.refused(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return new EntryData().setErrorCode(outcome.code()).setErrorMessage(outcome.message()).setEntity(wanted
                    .entity().stream().map(each -> new EntityData().setEntityType(each.entityType()).setEntityName(each
                            .entityName())).toList());
        }).toList();
        exchange.answer(new AlterClientQuotasResponseData().setEntries(entries));
    }

    private static Outcome judge(List<OpData> operations) {
        return operations.stream().filter(operation -> !operation.remove()).findFirst().map(operation -> Outcome
                .refused(
                        Errors.INVALID_REQUEST, "quota not served: " + operation.key() + '=' + operation.value()
                                + "; nobody is slowed down to a rate. Connections, frames and queued bytes have limits"
                                + " that the server is started with")).orElse(Outcome.DONE);
    }
}
