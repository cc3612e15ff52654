package io.semel.server.network.transactions;

import java.util.Optional;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.coordinator.TransactionView;
import io.semel.wire.message.DescribeTransactionsRequestData;
import io.semel.wire.message.DescribeTransactionsResponseData;
import io.semel.wire.message.DescribeTransactionsResponseData.TopicData;
import io.semel.wire.message.DescribeTransactionsResponseData.TransactionState;
import io.semel.wire.protocol.Errors;

/**
 * Who a transactional id is, and what it has open in which partitions. Not on the event loop: every partition is looked
 * into for each.
 */
public final class DescribeTransactionsHandler implements Handler<DescribeTransactionsRequestData> {
    private final TransactionDoor door;
    private final Served served;

    public DescribeTransactionsHandler(TransactionDoor door) {
        this.door = door;
        this.served = door.served();
    }

    @Override
    public void handle(DescribeTransactionsRequestData request, Exchange exchange) {
        door.aside(exchange, () -> {
            DescribeTransactionsResponseData response = new DescribeTransactionsResponseData();
            request.transactionalIds().forEach(id -> response.transactionStates().add(describe(id, exchange)));
            exchange.answer(response);
        });
    }

    private TransactionState describe(String id, Exchange exchange) {
        if (!served.authorizer().allows(exchange.peer(), Operation.DESCRIBE, Resource.TRANSACTIONAL_ID, id)) {
            return refused(id, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        if (id.isEmpty()) {
            return refused(id, Errors.INVALID_REQUEST);
        }
        Optional<TransactionView> found = served.broker().transactions().operator().find(id);
        return found.map(view -> describe(view, exchange)).orElseGet(() -> refused(id,
                Errors.TRANSACTIONAL_ID_NOT_FOUND));
    }

    private TransactionState describe(TransactionView view, Exchange exchange) {
        TransactionState state = new TransactionState().setTransactionalId(view.transactionalId()).setProducerId(view
                .producerId()).setProducerEpoch(view.epoch()).setTransactionState(StateNames.of(view.status()))
                .setTransactionTimeoutMs(view.timeoutMs()).setTransactionStartTimeMs(view.startMs());
        for (TransactionView.Branch branch : served.broker().transactions().operator().branches(view.producerId())) {
            String topic = branch.partition().topic();
            if (served.authorizer().allows(exchange.peer(), Operation.DESCRIBE, Resource.TOPIC, topic)) {
                topicOf(state, topic).partitions().add(branch.partition().partition());
            }
        }
        return state;
    }

    private static TopicData topicOf(TransactionState state, String topic) {
        TopicData known = state.topics().find(topic);
        if (known != null) {
            return known;
        }
        TopicData added = new TopicData().setTopic(topic);
        state.topics().add(added);
        return added;
    }

    private static TransactionState refused(String id, Errors error) {
        return new TransactionState().setTransactionalId(id).setErrorCode(error.code());
    }
}
