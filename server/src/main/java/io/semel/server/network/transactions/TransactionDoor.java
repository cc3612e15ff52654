package io.semel.server.network.transactions;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Served;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.RemoteTransaction;
import io.semel.transactions.coordinator.TransactionCoordinator;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.partition.Partition;
import io.semel.wire.protocol.Errors;

/**
 * The way of a producer's messages to the coordinator, and Kafka's codes for what that says.
 *
 * <p>Thread rule: any thread; what is given to an exchange runs on its event loop.
 */
public final class TransactionDoor {
    private final Served served;
    private final Speakers speakers;

    public TransactionDoor(Served served) {
        this.served = served;
        this.speakers = new Speakers(id -> served.broker().transactions().operator().find(id).isPresent());
    }

    Served served() {
        return served;
    }

    Speakers speakers() {
        return speakers;
    }

    /** Runs on another thread what takes too long for an event loop, and must answer. */
    void aside(Exchange exchange, Runnable answering) {
        try {
            served.disk().execute(() -> {
                try {
                    answering.run();
                } catch (RuntimeException | Error e) {
                    exchange.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            exchange.fail(e);
        }
    }

    /** @return NONE, or the code that refuses who may not write as this id, or names none, or one that can't be */
    Errors check(Exchange exchange, String transactionalId) {
        if (!served.authorizer().allows(exchange.peer(), Operation.WRITE, Resource.TRANSACTIONAL_ID, transactionalId)) {
            return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        boolean isId = !transactionalId.isEmpty() && transactionalId
                .length() <= TransactionCoordinator.MAX_TRANSACTIONAL_ID_LENGTH;
        return isId ? Errors.NONE : Errors.INVALID_REQUEST;
    }

    /** Whoever speaks for an id: to be asked for each step, for the id may be forgotten and come again in between. */
    Optional<RemoteTransaction> find(String transactionalId, TransactionRules spoken) {
        return served.broker().transactions().remote(transactionalId, spoken);
    }

    /** Makes partitions part of the sender's transaction. */
    void join(Exchange exchange, Sender sender, List<Partition> partitions, Consumer<Errors> joined) {
        step(exchange, sender, (door, who) -> door.join(who, partitions), progress -> joined.accept(switch (progress) {
            case DONE -> Errors.NONE;
            case PENDING -> Errors.CONCURRENT_TRANSACTIONS;
            case FENCED -> fenced(sender);
            case INVALID_STATE -> Errors.INVALID_TXN_STATE;
            case UNAVAILABLE -> Errors.COORDINATOR_NOT_AVAILABLE;
        }));
    }

    /** Steps as far as it goes; an id that nobody knows is {@code FENCED}. */
    void step(Exchange exchange, Sender sender, BiFunction<RemoteTransaction, ProducerIdAndEpoch, Progress> step,
            Consumer<Progress> settled) {
        Steps.take(exchange, () -> sender.rules() == TransactionRules.NEW_EPOCH_AT_EVERY_END
                ? step(sender, step)
                : speakers.next(sender.transactionalId(), exchange.peer(), () -> isNewest(sender), () -> step(sender,
                        step)), settled);
    }

    private Progress step(Sender sender, BiFunction<RemoteTransaction, ProducerIdAndEpoch, Progress> step) {
        return find(sender.transactionalId(), sender.rules()).map(door -> step.apply(door, sender.instance())).orElse(
                Progress.FENCED);
    }

    private boolean isNewest(Sender sender) {
        return served.broker().transactions().operator().find(sender.transactionalId()).filter(view -> sender
                .instance().equals(new ProducerIdAndEpoch(view.producerId(), view.epoch()))).isPresent();
    }

    /** Why a sender is refused that the coordinator calls fenced: its epoch is over, or its producer id is another. */
    Errors fenced(Sender sender) {
        boolean isItsOwn = served.broker().transactions().operator().find(sender.transactionalId()).filter(view -> view
                .producerId() == sender.instance().producerId()).isPresent();
        return isItsOwn ? Errors.PRODUCER_FENCED : Errors.INVALID_PRODUCER_ID_MAPPING;
    }

    /** In the words of a version that is as old as {@code version}. */
    static short code(Errors error, short version, int knowsFenced) {
        return error == Errors.PRODUCER_FENCED && version < knowsFenced
                ? Errors.INVALID_PRODUCER_EPOCH.code()
                : error.code();
    }
}
