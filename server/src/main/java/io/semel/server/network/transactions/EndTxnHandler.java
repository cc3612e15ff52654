package io.semel.server.network.transactions;

import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.transactions.coordinator.EndAnswer;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.wire.message.EndTxnRequestData;
import io.semel.wire.message.EndTxnResponseData;
import io.semel.wire.protocol.Errors;

/**
 * Commits or aborts a transaction; answered when its markers stand, so that its producer meets nothing that is still
 * ending. By the newer rules the answer says in which epoch it goes on.
 */
public final class EndTxnHandler implements Handler<EndTxnRequestData> {
    /** The first version whose clients know PRODUCER_FENCED. */
    private static final int KNOWS_FENCED = 2;

    private final TransactionDoor door;

    public EndTxnHandler(TransactionDoor door) {
        this.door = door;
    }

    @Override
    public void handle(EndTxnRequestData request, Exchange exchange) {
        Sender sender = Sender.of(request.transactionalId(), request.producerId(), request.producerEpoch(), Rules.ofEnd(
                exchange.version()));
        Errors refusal = door.check(exchange, sender.transactionalId());
        if (refusal != Errors.NONE) {
            refuse(exchange, refusal);
            return;
        }
        ProducerIdAndEpoch[] next = {sender.instance()};
        door.step(exchange, sender, (transaction, who) -> {
            EndAnswer answer = request.committed() ? transaction.commit(who) : transaction.abort(who);
            next[0] = answer.next();
            return answer.progress();
        }, progress -> {
            if (progress == Progress.DONE) {
                exchange.answer(new EndTxnResponseData().setProducerId(next[0].producerId()).setProducerEpoch(next[0]
                        .epoch()));
            } else {
                refuse(exchange, codeOf(progress, sender, request.committed()));
            }
        });
    }

    private Errors codeOf(Progress progress, Sender sender, boolean commits) {
        return switch (progress) {
            case DONE -> Errors.NONE;
            case PENDING -> Errors.CONCURRENT_TRANSACTIONS;
            case FENCED -> door.fenced(sender);
            // Somebody else aborted it, and it can go on after an abort of its own: clients with the newer rules know how.
            case INVALID_STATE -> commits && sender.rules() == TransactionRules.NEW_EPOCH_AT_EVERY_END
                    ? Errors.TRANSACTION_ABORTABLE
                    : Errors.INVALID_TXN_STATE;
            case UNAVAILABLE -> Errors.COORDINATOR_NOT_AVAILABLE;
        };
    }

    private static void refuse(Exchange exchange, Errors error) {
        exchange.answer(new EndTxnResponseData().setErrorCode(TransactionDoor.code(error, exchange.version(),
                KNOWS_FENCED)));
    }
}
