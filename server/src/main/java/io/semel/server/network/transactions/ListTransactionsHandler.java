package io.semel.server.network.transactions;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.coordinator.TransactionView;
import io.semel.wire.message.ListTransactionsRequestData;
import io.semel.wire.message.ListTransactionsResponseData;
import io.semel.wire.message.ListTransactionsResponseData.TransactionState;
import io.semel.wire.protocol.Errors;

/** Who all has transactions, as far as the filters let them through. Not on the event loop: there may be many. */
public final class ListTransactionsHandler implements Handler<ListTransactionsRequestData> {
    private final TransactionDoor door;
    private final Served served;

    public ListTransactionsHandler(TransactionDoor door) {
        this.door = door;
        this.served = door.served();
    }

    /** What a request asks for; empty sets and a negative duration ask for all. */
    private record Filter(Set<String> states, Set<Long> producerIds, long durationMs, IdPattern pattern) {

        boolean lets(TransactionView view, long nowMs) {
            return (states.isEmpty() || states.contains(StateNames.of(view.status())))
                    && (producerIds.isEmpty() || producerIds.contains(view.producerId()))
                    && (durationMs < 0 || view.startMs() >= 0 && nowMs - view.startMs() > durationMs)
                    && pattern.matches(view.transactionalId());
        }
    }

    @Override
    public void handle(ListTransactionsRequestData request, Exchange exchange) {
        door.aside(exchange, () -> exchange.answer(list(request, exchange)));
    }

    private ListTransactionsResponseData list(ListTransactionsRequestData request, Exchange exchange) {
        ListTransactionsResponseData response = new ListTransactionsResponseData();
        request.stateFilters().stream().filter(state -> !StateNames.isKnown(state)).forEach(response
                .unknownStateFilters()::add);
        String expression = request.transactionalIdPattern();
        try {
            Filter filter = new Filter(new HashSet<>(request.stateFilters()), new HashSet<>(request
                    .producerIdFilters()), request.durationFilter(), new IdPattern(expression == null || expression
                            .isEmpty() ? "(?s).*" : expression));
            long nowMs = served.clock().time();
            for (TransactionView view : served.broker().transactions().operator().list()) {
                if (filter.lets(view, nowMs) && served.authorizer().allows(exchange.peer(), Operation.DESCRIBE,
                        Resource.TRANSACTIONAL_ID, view.transactionalId())) {
                    response.transactionStates().add(new TransactionState().setTransactionalId(view
                            .transactionalId()).setProducerId(view.producerId()).setTransactionState(StateNames.of(
                                    view.status())));
                }
            }
            return response;
        } catch (PatternSyntaxException | StackOverflowError | IdPattern.TooLongException e) {
            return new ListTransactionsResponseData().setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code());
        }
    }
}
