package io.semel.client.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.TopicPartition;

/**
 * Transactions and those who write them.
 *
 * <p>Thread rule: any thread.
 */
public interface TransactionAdmin {
    /** As an offset or a time: there is none. */
    long NONE = -1;

    /**
     * A transactional id.
     *
     * @param state   of its last transaction, by Kafka's names: Empty, Ongoing, PrepareCommit, PrepareAbort,
     *                CompleteCommit, CompleteAbort; and Prepared, of two phases, which is Ongoing to Kafka
     * @param begunMs when its last transaction began, in milliseconds since the epoch, or {@link #NONE}
     */
    record TransactionSummary(String transactionalId, long producerId, short epoch, String state, int timeoutMs,
            long begunMs) {
        /** Whether its owner has neither committed nor aborted it. */
        public boolean isOpen() {
            return state.equals("Ongoing") || isPrepared();
        }

        /** Whether only a decision ends it, and no timeout. */
        public boolean isPrepared() {
            return state.equals("Prepared");
        }

        /** When it is aborted if it stays open; {@link #NONE} when it is not open, or prepared. */
        public long timesOutMs() {
            return isOpen() && !isPrepared() ? begunMs + timeoutMs : NONE;
        }
    }

    /**
     * A transactional id with what its transaction has written.
     *
     * @param firstOffsets where it stands open, and from which offset on; of partitions in service
     * @param offsets      the offsets of groups that it holds, to become visible if it commits
     */
    record TransactionDetails(TransactionSummary summary, Map<TopicPartition, Long> firstOffsets,
            List<HeldOffset> offsets) {
    }

    /** A group's offset in a transaction that has not ended; {@link #NONE} for a deletion. */
    record HeldOffset(String group, TopicPartition partition, long offset) {
    }

    /**
     * Which transactions are asked for.
     *
     * @param states      by Kafka's names, in any case; empty for all
     * @param minAgeMs    only those whose last transaction began this long ago or longer; 0 for all
     */
    record TransactionFilter(List<String> states, long minAgeMs) {
        public static final TransactionFilter ALL = new TransactionFilter(List.of(), 0);
        public static final TransactionFilter OPEN = new TransactionFilter(List.of("Ongoing", "Prepared"), 0);

        public TransactionFilter {
            states = List.copyOf(states);
            if (minAgeMs < 0) {
                throw new IllegalArgumentException("an age is 0 or more: given=" + minAgeMs + " ms");
            }
        }

        public TransactionFilter olderThanMs(long ageMs) {
            return new TransactionFilter(states, ageMs);
        }
    }

    /**
     * A producer in a partition.
     *
     * @param lastSequence         -1 when it wrote nothing with a sequence in this epoch
     * @param transactionOffset    where its open transaction begins in this partition, or {@link #NONE}
     * @param transactionalId      empty when it is no transactional producer, or one of long ago
     */
    record ProducerDescription(long producerId, short epoch, int lastSequence, long lastTimestampMs,
            long transactionOffset, String transactionalId) {
    }

    /**
     * Who keeps committed readers of a partition from its end.
     *
     * @param stable  the last stable offset, where the oldest open transaction begins
     * @param end     how far the partition is readable
     * @param holder  the producer of that transaction
     * @param owner   its transactional id; empty when nobody knows it any more, and the next opening aborts it
     */
    record StableOffsetHold(TopicPartition partition, long stable, long end, ProducerDescription holder,
            Optional<TransactionSummary> owner) {
    }

    /**
     * The transactional ids that fit, by name.
     *
     * @throws IllegalArgumentException when the filter names a state that there is not
     */
    List<TransactionSummary> listTransactions(TransactionFilter filter);

    /** @throws org.apache.kafka.common.errors.TransactionalIdNotFoundException when there is none */
    TransactionDetails describeTransaction(String transactionalId);

    /**
     * Commits what a transactional id has prepared, for an owner that does not come back. Returns when it is marked
     * everywhere.
     *
     * @throws org.apache.kafka.common.errors.TransactionalIdNotFoundException when there is none
     * @throws org.apache.kafka.common.errors.InvalidTxnStateException        when nothing is prepared
     * @throws org.apache.kafka.common.errors.KafkaStorageException           when a partition that it wrote to is
     *                                                                        offline
     */
    void commitTransaction(String transactionalId);

    /**
     * Aborts what a transactional id has open, prepared or not: nothing of it is ever visible, its owner is fenced and
     * told that an operator did it. Returns when it is marked everywhere.
     *
     * @throws org.apache.kafka.common.errors.TransactionalIdNotFoundException when there is none
     * @throws org.apache.kafka.common.errors.InvalidTxnStateException        when nothing is open, or its commit is
     *                                                                        decided
     * @throws org.apache.kafka.common.errors.KafkaStorageException           when a partition that it wrote to is
     *                                                                        offline
     */
    void abortTransaction(String transactionalId);

    /**
     * The producers that wrote to a partition and are remembered there, by producer id.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is no such partition
     */
    List<ProducerDescription> describeProducers(String topic, int partition);

    /**
     * Why committed readers of a partition do not get further; empty when they get to the end.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is no such partition
     */
    Optional<StableOffsetHold> stableOffsetHold(String topic, int partition);
}
