package io.semel.client.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.KafkaErrors;
import io.semel.client.runtime.Waiting;
import io.semel.idempotence.ProducerState;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionOperator;
import io.semel.transactions.coordinator.TransactionView;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;
import io.semel.transactions.partition.ReaderLimitException;
import io.semel.transactions.records.TransactionStatus;

/** Transactions of an open directory, directly. */
public final class EmbeddedTransactions implements TransactionAdmin {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ClientRuntime runtime;

    public EmbeddedTransactions(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    private TransactionOperator operator() {
        runtime.requireOpen();
        return runtime.broker().transactions().operator();
    }

    @Override
    public List<TransactionSummary> listTransactions(TransactionFilter filter) {
        Set<String> states = filter.states().stream().map(EmbeddedTransactions::knownState).collect(Collectors.toSet());
        long nowMs = runtime.clock().time();
        return operator().list().stream().map(EmbeddedTransactions::summary)
                .filter(each -> states.isEmpty() || states.contains(each.state()))
                .filter(each -> filter.minAgeMs() == 0 || each.begunMs() != NONE
                        && nowMs - each.begunMs() >= filter.minAgeMs())
                .toList();
    }

    private static String knownState(String given) {
        List<String> known = Stream.of(TransactionStatus.values()).map(StateNames::nameOf).toList();
        return known.stream().filter(given::equalsIgnoreCase).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such state: " + given + "; there are " + known));
    }

    private static TransactionSummary summary(TransactionView view) {
        return new TransactionSummary(view.transactionalId(), view.producerId(), view.epoch(), StateNames.nameOf(view
                .status()),
                view.timeoutMs(), view.startMs());
    }

    @Override
    public TransactionDetails describeTransaction(String transactionalId) {
        TransactionView view = operator().find(transactionalId).orElseThrow(() -> unknown(transactionalId));
        Map<TopicPartition, Long> firstOffsets = new TreeMap<>(EmbeddedGroups.BY_NAME);
        operator().branches(view.producerId()).forEach(branch -> firstOffsets.put(new TopicPartition(branch.partition()
                .topic(), branch.partition().partition()), branch.firstOffset()));
        List<HeldOffset> offsets = runtime.broker().groups().staged(view.producerId()).stream()
                .map(staged -> new HeldOffset(staged.groupId(), new TopicPartition(staged.partition().topic(), staged
                        .partition().partition()), staged.offset()))
                .toList();
        return new TransactionDetails(summary(view), firstOffsets, offsets);
    }

    private TransactionalIdNotFoundException unknown(String transactionalId) {
        return new TransactionalIdNotFoundException("no such transactional id: " + transactionalId + " in "
                + runtime.broker().path());
    }

    @Override
    public void abortTransaction(String transactionalId) {
        TransactionOperator.Abortion abortion = operator().abort(transactionalId)
                .orElseThrow(() -> unknown(transactionalId));
        settle("abort", transactionalId, abortion::step,
                "only a transaction that is Ongoing or Prepared can be aborted");
    }

    @Override
    public void commitTransaction(String transactionalId) {
        TransactionOperator.Commitment commitment = operator().commit(transactionalId)
                .orElseThrow(() -> unknown(transactionalId));
        settle("commit", transactionalId, commitment::step, "only a transaction that is Prepared can be committed");
    }

    private void settle(String what, String transactionalId, Supplier<Progress> step, String allowed) {
        Progress progress = Waiting.upTo(TIMEOUT, "the " + what + " of " + transactionalId).stepUntilSettled(step);
        if (progress == Progress.UNAVAILABLE && isPrepared(transactionalId)) {
            throw new KafkaStorageException(what + " of " + transactionalId
                    + " is not decided, it is still Prepared: a partition"
                    + " of it is offline; restore that, open the directory again, and ask again");
        }
        if (progress == Progress.UNAVAILABLE) {
            throw new KafkaStorageException(what + " of " + transactionalId
                    + " is decided and meets a partition that is offline; it is carried out there when the directory"
                    + " is opened again");
        }
        if (progress != Progress.DONE) {
            throw new InvalidTxnStateException("nothing to " + what + ": transactionalId=" + transactionalId + " is "
                    + operator().find(transactionalId).map(view -> StateNames.nameOf(view.status())).orElse("gone")
                    + "; " + allowed);
        }
    }

    private boolean isPrepared(String transactionalId) {
        return operator().find(transactionalId).map(view -> view.status() == TransactionStatus.PREPARED).orElse(false);
    }

    @Override
    public List<ProducerDescription> describeProducers(String topic, int partition) {
        Map<Long, String> owners = new HashMap<>();
        Partition asked = runtime.partition(topic, partition);
        operator().list().forEach(view -> owners.put(view.producerId(), view.transactionalId()));
        List<ProducerDescription> producers = new ArrayList<>();
        for (ProducerState state : asked.producers()) {
            producers.add(describe(state, owners.getOrDefault(state.identity().producerId(), "")));
        }
        producers.sort(Comparator.comparingLong(ProducerDescription::producerId));
        return producers;
    }

    private static ProducerDescription describe(ProducerState state, String transactionalId) {
        state.pen().take();
        try {
            return new ProducerDescription(state.identity().producerId(), state.epoch(), state.lastSequence(), state
                    .lastTimestampMs(), state.transactionOffset(), transactionalId);
        } finally {
            state.pen().release();
        }
    }

    @Override
    public Optional<StableOffsetHold> stableOffsetHold(String topic, int partition) {
        Partition asked = runtime.partition(topic, partition);
        // In this order: below an end that was readable already, only an open transaction stops a committed reader.
        long end = asked.readableOffset();
        long stable = asked.stableOffset();
        if (stable >= end) {
            return Optional.empty();
        }
        return holderAt(asked, stable).map(holder -> new StableOffsetHold(new TopicPartition(topic, partition), stable,
                end, holder, operator().find(holder.transactionalId()).map(EmbeddedTransactions::summary)));
    }

    /**
     * The producer whose transaction begins at {@code stable}, as the batch there says: one that is decided and whose
     * marker is not readable yet is none of what its producer has open. Empty when the batch went since, with its
     * transaction.
     */
    private Optional<ProducerDescription> holderAt(Partition asked, long stable) {
        try (PartitionReader reader = asked.openReader(stable, Isolation.READ_UNCOMMITTED)) {
            long holderId = reader.next() ? reader.batch().producerId() : RecordBatchLayout.NO_PRODUCER_ID;
            return describeProducers(asked.id().topic(), asked.id().partition()).stream()
                    .filter(each -> each.producerId() == holderId)
                    .findFirst().map(now -> new ProducerDescription(holderId, now.epoch(), now.lastSequence(), now
                            .lastTimestampMs(), stable, now.transactionalId()));
        } catch (ReaderLimitException e) {
            throw KafkaErrors.limitReached(e);
        }
    }
}
