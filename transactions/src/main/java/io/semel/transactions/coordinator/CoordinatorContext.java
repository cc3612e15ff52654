package io.semel.transactions.coordinator;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.MessagePassingQueue;

import io.semel.idempotence.ProducerIds;
import io.semel.log.Durability;

/** What every transactional id needs of the world around it. */
final class CoordinatorContext {
    private final DecisionJournal journal;
    private final PartitionLookup partitions;
    private final ProducerIds ids;
    private final EpochClock clock;
    private final NanoClock steady;
    private final MessagePassingQueue<Transaction> completed;
    private final Function<String, Transaction> transactions;

    CoordinatorContext(DecisionJournal journal, PartitionLookup partitions, ProducerIds ids, EpochClock clock,
            NanoClock steady, MessagePassingQueue<Transaction> completed, Function<String, Transaction> transactions) {
        this.journal = journal;
        this.partitions = partitions;
        this.ids = ids;
        this.clock = clock;
        this.steady = steady;
        this.completed = completed;
        this.transactions = transactions;
    }

    /** The transactional id of that name, new if it is not known or not known any more. */
    Transaction transaction(String transactionalId) {
        return transactions.apply(transactionalId);
    }

    DecisionJournal journal() {
        return journal;
    }

    /** What a decision survives, and so what all that it decides must survive before it. */
    Durability durability() {
        return journal.durability();
    }

    PartitionLookup partitions() {
        return partitions;
    }

    ProducerIds ids() {
        return ids;
    }

    /** Milliseconds since the epoch, for what is written down. Nothing is timed out by it: it may be set. */
    long now() {
        return clock.time();
    }

    /**
     * Milliseconds since any moment, for what begins and ends within this process; only differences tell. Never set.
     */
    long steadyMs() {
        return TimeUnit.NANOSECONDS.toMillis(steady.nanoTime());
    }

    /**
     * Its completion is journaled later, in bulk. When the list is full that is skipped: recovery then finds the
     * markers in place and has nothing to do.
     */
    void awaitCompletionRecord(Transaction transaction) {
        if (transaction.completion().enlist() && !completed.relaxedOffer(transaction)) {
            transaction.completion().leaveList();
        }
    }
}
