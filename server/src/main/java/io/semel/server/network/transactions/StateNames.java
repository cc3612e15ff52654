package io.semel.server.network.transactions;

import java.util.Arrays;

import io.semel.transactions.records.TransactionStatus;

/** What Kafka calls the states of a transaction; one that is prepared goes on, to Kafka. Stateless. */
final class StateNames {
    private StateNames() {
    }

    static String of(TransactionStatus status) {
        return switch (status) {
            case EMPTY -> "Empty";
            case ONGOING, PREPARED -> "Ongoing";
            case PREPARE_COMMIT -> "PrepareCommit";
            case PREPARE_ABORT -> "PrepareAbort";
            case COMPLETE_COMMIT -> "CompleteCommit";
            case COMPLETE_ABORT -> "CompleteAbort";
            case DEAD -> "Dead";
            case PREPARE_EPOCH_FENCE -> "PrepareEpochFence";
        };
    }

    static boolean isKnown(String name) {
        return Arrays.stream(TransactionStatus.values()).anyMatch(status -> of(status).equals(name));
    }
}
