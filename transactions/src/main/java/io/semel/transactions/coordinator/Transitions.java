package io.semel.transactions.coordinator;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import io.semel.transactions.records.TransactionStatus;

/** Which status may follow which. Everything else is a bug of ours and stops the transactional id at once. */
final class Transitions {
    private static final Map<TransactionStatus, Set<TransactionStatus>> ALLOWED = new EnumMap<>(
            TransactionStatus.class);

    static {
        allow(TransactionStatus.EMPTY, TransactionStatus.EMPTY, TransactionStatus.ONGOING);
        allow(TransactionStatus.ONGOING, TransactionStatus.PREPARE_COMMIT, TransactionStatus.PREPARE_ABORT,
                TransactionStatus.PREPARED);
        allow(TransactionStatus.PREPARED, TransactionStatus.PREPARE_COMMIT, TransactionStatus.PREPARE_ABORT);
        allow(TransactionStatus.PREPARE_COMMIT, TransactionStatus.COMPLETE_COMMIT);
        allow(TransactionStatus.PREPARE_ABORT, TransactionStatus.COMPLETE_ABORT);
        allow(TransactionStatus.COMPLETE_COMMIT, TransactionStatus.ONGOING, TransactionStatus.EMPTY);
        allow(TransactionStatus.COMPLETE_ABORT, TransactionStatus.ONGOING, TransactionStatus.EMPTY);
        allow(TransactionStatus.DEAD);
        // Written by Kafka alone; Semel fences within PREPARE_ABORT.
        allow(TransactionStatus.PREPARE_EPOCH_FENCE);
    }

    private Transitions() {
    }

    private static void allow(TransactionStatus from, TransactionStatus... to) {
        Set<TransactionStatus> targets = EnumSet.noneOf(TransactionStatus.class);
        targets.addAll(Set.of(to));
        ALLOWED.put(from, targets);
    }

    static void check(String transactionalId, TransactionStatus from, TransactionStatus to) {
        if (!ALLOWED.get(from).contains(to)) {
            throw new IllegalStateException(
                    "no such transition: transactionalId=" + transactionalId + " from=" + from + " to=" + to);
        }
    }
}
