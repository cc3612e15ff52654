package io.semel.transactions.coordinator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import io.semel.idempotence.ProducerState;
import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.records.TransactionStatus;

/**
 * The transactional ids as an operator sees them, and his way to end a transaction whose owner does not.
 *
 * <p>Thread rule: any thread; an {@link Abortion} is one thread's at a time.
 */
public final class TransactionOperator {
    private final Map<String, Transaction> transactions;
    private final CoordinatorContext context;

    TransactionOperator(Map<String, Transaction> transactions, CoordinatorContext context) {
        this.transactions = transactions;
        this.context = context;
    }

    /** All ids that ever had an instance, by name. Each is from one moment, not all from the same. */
    public List<TransactionView> list() {
        Collection<Transaction> all = transactions.values();
        List<TransactionView> views = new ArrayList<>(all.size());
        all.forEach(each -> view(each).ifPresent(views::add));
        views.sort(Comparator.comparing(TransactionView::transactionalId));
        return views;
    }

    public Optional<TransactionView> find(String transactionalId) {
        Transaction found = transactions.get(transactionalId);
        return found == null ? Optional.empty() : view(found);
    }

    /** Nothing of an id whose first instance is not there yet. */
    private static Optional<TransactionView> view(Transaction transaction) {
        transaction.pen().take();
        try {
            return transaction.owner().identity() == null
                    ? Optional.empty()
                    : Optional.of(new TransactionView(transaction.transactionalId(), transaction.owner().identity()
                            .producerId(), transaction.owner().epoch(), transaction.status(), transaction.owner()
                                    .request().timeoutMs(),
                            transaction.beginning().wallMs(), transaction.owner().request().home()));
        } finally {
            transaction.pen().release();
        }
    }

    /** Where a producer has a transaction open, of the partitions in service. */
    public List<TransactionView.Branch> branches(long producerId) {
        List<TransactionView.Branch> branches = new ArrayList<>();
        for (Partition partition : context.partitions().all()) {
            ProducerState state = partition.producer(producerId);
            if (state == null) {
                continue;
            }
            state.pen().take();
            long firstOffset = state.transactionOffset();
            state.pen().release();
            if (firstOffset != ProducerState.NO_OFFSET) {
                branches.add(new TransactionView.Branch(partition.id(), firstOffset));
            }
        }
        return branches;
    }

    /** Begins to abort what an id has open; empty when nobody knows the id. Step it until it is settled. */
    public Optional<Abortion> abort(String transactionalId) {
        return Optional.ofNullable(transactions.get(transactionalId)).map(found -> new Abortion(found, anyone -> true));
    }

    /**
     * The same of what this producer has open, whichever id it belongs to; empty when it belongs to none.
     * {@code FENCED} when it has left that epoch meanwhile.
     */
    public Optional<Abortion> abort(ProducerIdAndEpoch producer) {
        return transactions.values().stream().filter(each -> isOwnedBy(each, producer.producerId())).findFirst().map(
                found -> new Abortion(found, owner -> owner.is(producer)));
    }

    private static boolean isOwnedBy(Transaction transaction, long producerId) {
        return view(transaction).filter(view -> view.producerId() == producerId).isPresent();
    }

    /** Begins to commit what an id has prepared; empty when nobody knows the id. Step it until it is settled. */
    public Optional<Commitment> commit(String transactionalId) {
        return Optional.ofNullable(transactions.get(transactionalId)).map(Commitment::new);
    }

    /** An operator's commit, step by step: of what is prepared alone, and its owner is told that it is committed. */
    public static final class Commitment {
        private final Transaction transaction;
        private boolean decided;

        private Commitment(Transaction transaction) {
            this.transaction = transaction;
        }

        /** Goes on as far as possible without waiting. {@code INVALID_STATE}: nothing is prepared. */
        public Progress step() {
            if (!transaction.pen().tryTake()) {
                return Progress.PENDING;
            }
            try {
                if (transaction.isPrepared()) {
                    Progress progress = transaction.endPrepared(ControlType.COMMIT);
                    decided = !transaction.isPrepared();
                    return progress;
                }
                if (decided && transaction.status() == TransactionStatus.PREPARE_COMMIT) {
                    return transaction.drive();
                }
                return decided ? Progress.DONE : Progress.INVALID_STATE;
            } finally {
                transaction.pen().release();
            }
        }
    }

    /** An operator's abort, step by step: as a time-out, it fences the owner first (T6). */
    public final class Abortion {
        private final Transaction transaction;
        private final Predicate<Owner> of;
        private boolean decided;

        private Abortion(Transaction transaction, Predicate<Owner> of) {
            this.transaction = transaction;
            this.of = of;
        }

        /**
         * Goes on as far as possible without waiting. {@code INVALID_STATE}: nothing is open, or it is decided to
         * commit, which nobody takes back (T1).
         */
        public Progress step() {
            if (!transaction.pen().tryTake()) {
                return Progress.PENDING;
            }
            try {
                boolean isOpen = transaction.status() == TransactionStatus.ONGOING || transaction.isPrepared()
                        || !transaction.isDeciding() && transaction.hasLeftovers();
                if (!decided && isOpen && !of.test(transaction.owner())) {
                    return Progress.FENCED;
                }
                if (!decided && isOpen) {
                    transaction.fenceAndAbortLeftovers("an operator aborted the transaction of " + transaction
                            .transactionalId()
                            + " at " + context.now());
                }
                if (transaction.status() == TransactionStatus.PREPARE_ABORT) {
                    decided = true;
                    return transaction.drive();
                }
                // Once it is decided, others may carry it out, and a newer instance may be at work already.
                return decided ? Progress.DONE : Progress.INVALID_STATE;
            } finally {
                transaction.pen().release();
            }
        }
    }
}
