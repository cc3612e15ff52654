package io.semel.server.network.transactions;

import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.wire.message.AddOffsetsToTxnRequestData;
import io.semel.wire.message.AddOffsetsToTxnResponseData;
import io.semel.wire.protocol.Errors;

/** By the older rules, before offsets are committed in a transaction: it goes on in {@code __consumer_offsets}. */
public final class AddOffsetsToTxnHandler implements Handler<AddOffsetsToTxnRequestData> {
    /** The first version whose clients know PRODUCER_FENCED. */
    private static final int KNOWS_FENCED = 2;

    private final TransactionDoor door;
    private final Served served;

    public AddOffsetsToTxnHandler(TransactionDoor door) {
        this.door = door;
        this.served = door.served();
    }

    @Override
    public void handle(AddOffsetsToTxnRequestData request, Exchange exchange) {
        Errors refusal = check(request, exchange);
        if (refusal != Errors.NONE) {
            answer(exchange, refusal);
            return;
        }
        door.join(exchange, Sender.of(request.transactionalId(), request.producerId(), request.producerEpoch(),
                TransactionRules.ONE_EPOCH), List.of(served.broker().partition(Broker.OFFSETS_TOPIC, 0)),
                error -> answer(exchange, error));
    }

    private Errors check(AddOffsetsToTxnRequestData request, Exchange exchange) {
        Errors refusal = door.check(exchange, request.transactionalId());
        boolean allowed = served.authorizer().allows(exchange.peer(), Operation.READ, Resource.GROUP, request
                .groupId());
        return refusal == Errors.NONE && !allowed ? Errors.GROUP_AUTHORIZATION_FAILED : refusal;
    }

    private static void answer(Exchange exchange, Errors error) {
        exchange.answer(new AddOffsetsToTxnResponseData().setErrorCode(TransactionDoor.code(error, exchange.version(),
                KNOWS_FENCED)));
    }
}
