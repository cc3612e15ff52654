package io.semel.server.network.transactions;

import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.ProducerLimitException;
import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.InstanceRequest;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionCoordinator;
import io.semel.transactions.coordinator.TransactionalIdLimitException;
import io.semel.wire.message.InitProducerIdRequestData;
import io.semel.wire.message.InitProducerIdResponseData;
import io.semel.wire.protocol.Errors;

/**
 * Gives a producer its id: a fresh one to who has no transactional id, else the next epoch of that id's, and whatever an
 * instance before had open is aborted. Who names the epoch that it has gets the next in its place (KIP-360).
 */
public final class InitProducerIdHandler implements Handler<InitProducerIdRequestData> {
    private static final Logger LOGGER = LoggerFactory.getLogger(InitProducerIdHandler.class);

    /** The first version whose clients know PRODUCER_FENCED. */
    private static final int KNOWS_FENCED = 4;

    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_EPOCH = -1;

    private final TransactionDoor door;
    private final Served served;

    public InitProducerIdHandler(TransactionDoor door) {
        this.door = door;
        this.served = door.served();
    }

    @Override
    public void handle(InitProducerIdRequestData request, Exchange exchange) {
        Errors refusal = check(request, exchange);
        if (refusal != Errors.NONE) {
            refuse(exchange, refusal);
            return;
        }
        try {
            if (request.transactionalId() == null) {
                issue(exchange);
            } else {
                initialize(request, exchange);
            }
        } catch (ProducerLimitException | TransactionalIdLimitException e) {
            LOGGER.warn("{} is refused: {}", exchange, e.getMessage());
            refuse(exchange, Errors.POLICY_VIOLATION);
        }
    }

    private Errors check(InitProducerIdRequestData request, Exchange exchange) {
        boolean namesId = request.producerId() != NO_PRODUCER_ID;
        boolean namesEpoch = request.producerEpoch() != NO_EPOCH;
        if (request.transactionalId() == null) {
            if (!mayWriteAnywhere(exchange)) {
                return Errors.CLUSTER_AUTHORIZATION_FAILED;
            }
            return namesId == namesEpoch ? Errors.NONE : Errors.INVALID_REQUEST;
        }
        Errors refusal = door.check(exchange, request.transactionalId());
        if (refusal != Errors.NONE) {
            return refusal;
        }
        boolean fits = request.transactionalId().length() <= TransactionCoordinator.MAX_TRANSACTIONAL_ID_LENGTH;
        if (namesId != namesEpoch || !fits) {
            return Errors.INVALID_REQUEST;
        }
        int timeoutMs = request.transactionTimeoutMs();
        return timeoutMs < 1 || timeoutMs > TransactionCoordinator.MAX_TIMEOUT_MS
                ? Errors.INVALID_TRANSACTION_TIMEOUT
                : Errors.NONE;
    }

    private boolean mayWriteAnywhere(Exchange exchange) {
        return served.authorizer().allows(exchange.peer(), Operation.IDEMPOTENT_WRITE, Resource.CLUSTER,
                Authorizer.CLUSTER_NAME)
                || served.broker().topics().stream().anyMatch(topic -> served.authorizer().allows(exchange.peer(),
                        Operation.WRITE, Resource.TOPIC, topic.name()));
    }

    /** To a producer without transactions: whatever it had before, it goes on as somebody else. */
    private void issue(Exchange exchange) {
        long[] issued = {NO_PRODUCER_ID};
        Steps.take(exchange, () -> {
            issued[0] = served.broker().producerIds().tryIssue();
            return issued[0] == ProducerIds.NOT_YET ? Progress.PENDING : Progress.DONE;
        }, progress -> {
            if (progress == Progress.DONE) {
                give(exchange, new ProducerIdAndEpoch(issued[0], (short) 0));
            } else {
                refuse(exchange, Errors.COORDINATOR_LOAD_IN_PROGRESS);
            }
        });
    }

    private void initialize(InitProducerIdRequestData request, Exchange exchange) {
        String id = request.transactionalId();
        InstanceRequest instance = InstanceRequest.remote(request.transactionTimeoutMs(), Rules.guess(exchange
                .peer()));
        TransactionCoordinator coordinator = served.broker().transactions();
        boolean isFirst = request.producerId() == NO_PRODUCER_ID;
        Initialization initialization = isFirst
                ? coordinator.initialize(id, instance)
                : coordinator.renew(id, instance, new ProducerIdAndEpoch(request.producerId(), request
                        .producerEpoch()));
        // Who says whom it replaces is answered alike when it asks again, and refused when somebody else has come.
        Supplier<Progress> step = isFirst
                ? () -> door.speakers().first(id, exchange.peer(), initialization::step)
                : initialization::step;
        Steps.take(exchange, step, progress -> {
            switch (progress) {
                case DONE -> give(exchange, initialization.producer());
                case PENDING -> refuse(exchange, Errors.CONCURRENT_TRANSACTIONS);
                case FENCED -> refuse(exchange, Errors.PRODUCER_FENCED);
                case INVALID_STATE -> refuse(exchange, Errors.INVALID_TXN_STATE);
                case UNAVAILABLE -> {
                    LOGGER.warn("{} has to wait: {}", exchange, initialization.awaitedOffline());
                    refuse(exchange, Errors.COORDINATOR_NOT_AVAILABLE);
                }
            }
        });
    }

    private static void give(Exchange exchange, ProducerIdAndEpoch producer) {
        exchange.answer(new InitProducerIdResponseData().setProducerId(producer.producerId()).setProducerEpoch(producer
                .epoch()));
    }

    private static void refuse(Exchange exchange, Errors error) {
        exchange.answer(new InitProducerIdResponseData().setErrorCode(TransactionDoor.code(error, exchange.version(),
                KNOWS_FENCED)).setProducerId(NO_PRODUCER_ID).setProducerEpoch(NO_EPOCH));
    }
}
