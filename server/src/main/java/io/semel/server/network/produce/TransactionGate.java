package io.semel.server.network.produce;

import java.util.Optional;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.RemoteTransaction;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.VerificationGuard;
import io.semel.wire.protocol.Errors;

/**
 * What a transactional batch has to pass before it is appended: by KIP-890 it joins its partition to the transaction,
 * before that the partition must have been added. Of one request.
 *
 * <p>Thread rule: one thread; nothing waits.
 */
final class TransactionGate {
    private final Optional<RemoteTransaction> transaction;
    private final short version;

    private TransactionGate(Optional<RemoteTransaction> transaction, short version) {
        this.transaction = transaction;
        this.version = version;
    }

    /** @param transactionalId as the request names it, empty for none */
    static TransactionGate of(Broker broker, String transactionalId, short version) {
        TransactionRules spoken = version >= ProduceVersions.JOINING
                ? TransactionRules.NEW_EPOCH_AT_EVERY_END
                : TransactionRules.ONE_EPOCH;
        return new TransactionGate(transactionalId.isEmpty()
                ? Optional.empty()
                : broker.transactions().remote(transactionalId, spoken), version);
    }

    /**
     * @return {@code NONE} when {@link #guard} may be asked; {@code CONCURRENT_TRANSACTIONS} when the sender's
     *     transaction before is ending: come again shortly
     */
    Errors admit(ProducerIdAndEpoch sender, Partition partition) {
        if (transaction.isEmpty()) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        if (version < ProduceVersions.JOINING) {
            return Errors.NONE;
        }
        return switch (transaction.get().join(sender, partition)) {
            case DONE -> Errors.NONE;
            case PENDING -> Errors.CONCURRENT_TRANSACTIONS;
            case FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case INVALID_STATE -> noTransaction(version);
            case UNAVAILABLE -> Errors.KAFKA_STORAGE_ERROR;
        };
    }

    /** Under which an admitted batch is appended: withdrawn when its transaction is not under way there (T7). */
    VerificationGuard guard(ProducerIdAndEpoch sender, Partition partition) {
        return transaction.isEmpty() ? VerificationGuard.withdrawn() : transaction.get().verify(sender, partition);
    }

    /** A client that knows the newer code aborts and goes on; to an older one its transaction is broken. */
    static Errors noTransaction(short version) {
        return version >= ProduceVersions.ABORTABLE ? Errors.TRANSACTION_ABORTABLE : Errors.INVALID_TXN_STATE;
    }
}
