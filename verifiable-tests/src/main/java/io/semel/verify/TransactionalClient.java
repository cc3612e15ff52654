package io.semel.verify;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Waiting;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;
import io.semel.verify.SentBatches.Sent;

/**
 * One instance of a transactional producer, as a network would make it: batches arrive twice, late, or in the wrong
 * order, and what the partition answers is held against what it must answer.
 *
 * <p>Thread rule: one thread.
 */
final class TransactionalClient {
    private static final int TRANSACTION_TIMEOUT_MS = 60_000;
    private static final int MAX_BATCH_BYTES = 64 << 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ClientRuntime runtime;
    private final TransactionSession session;
    private final Luck luck;
    private final Anomalies anomalies;
    private final Tally tally;
    private final Telling telling;
    private final RecordBatchWriter encoder = new RecordBatchWriter(4096, MAX_BATCH_BYTES);
    private final Map<Partition, Integer> sequences = new HashMap<>();
    private final Map<Partition, SentBatches> sent = new HashMap<>();

    private TransactionalClient(ClientRuntime runtime, TransactionSession session, Luck luck, Anomalies anomalies,
            Tally tally, Telling telling) {
        this.runtime = runtime;
        this.session = session;
        this.luck = luck;
        this.anomalies = anomalies;
        this.tally = tally;
        this.telling = telling;
    }

    /** Takes the transactional id over from whoever had it. */
    static TransactionalClient open(ClientRuntime runtime, String transactionalId, Luck luck, Anomalies anomalies,
            Tally tally, Telling telling) {
        Initialization initialization = runtime.broker().transactions().initialize(transactionalId,
                TRANSACTION_TIMEOUT_MS, TransactionHome.EMBEDDED);
        settle(initialization::step, "initialisation of " + transactionalId);
        telling.started();
        return new TransactionalClient(runtime, initialization.session(), luck, anomalies, tally, telling);
    }

    private static void settle(Supplier<Progress> step, String what) {
        Progress progress = Waiting.upTo(TIMEOUT, what).stepUntilSettled(step);
        if (progress == Progress.FENCED) {
            throw new FencedException(what);
        }
        if (progress != Progress.DONE) {
            throw new IllegalStateException(what + " answered " + progress);
        }
    }

    void begin() {
        settle(session::begin, "begin of " + this);
        telling.begun();
    }

    void commit() {
        telling.committing();
        settle(session::commit, "commit of " + this);
        telling.committed();
    }

    void abort() {
        settle(session::abort, "abort of " + this);
        telling.aborted();
    }

    /** Writes entries to a partition in one batch or two, by whatever detours. */
    void write(Partition target, List<Portion.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        switch (luck.delivery()) {
            case CLEAN -> send(target, entries);
            case SENT_AGAIN -> {
                send(target, entries);
                List<Sent> before = sent.get(target).oldestFirst();
                sendAgain(target, before.get(before.size() - 1));
            }
            case OLD_ONE_AGAIN -> {
                send(target, entries);
                List<Sent> before = sent.get(target).oldestFirst();
                sendAgain(target, before.get(luck.below(before.size())));
            }
            case OVERTAKEN -> sendOvertaken(target, entries);
        }
    }

    private void send(Partition target, List<Portion.Entry> entries) {
        int sequence = sequences.getOrDefault(target, 0);
        ByteBuffer batch = encode(entries, sequence);
        long code = append(target, batch);
        if (code < 0) {
            throw refused(target, sequence, code);
        }
        sequences.put(target, sequence + entries.size());
        telling.sent(target, entries, code);
        sent.computeIfAbsent(target, partition -> new SentBatches()).add(batch, code);
        tally.records.addAndGet(entries.size());
    }

    private void sendAgain(Partition target, Sent original) {
        tally.retries.incrementAndGet();
        long code = append(target, original.bytes().duplicate());
        if (code != original.offset()) {
            anomalies.report("a retry got another answer: partition=" + target.id() + " original offset="
                    + original.offset() + " answer=" + Refusal.describe(code));
        }
    }

    /** The second half arrives first and must be refused; then both arrive in order. */
    private void sendOvertaken(Partition target, List<Portion.Entry> entries) {
        int half = entries.size() / 2;
        if (half > 0) {
            tally.overtakings.incrementAndGet();
            int sequence = sequences.getOrDefault(target, 0) + half;
            long code = append(target, encode(entries.subList(half, entries.size()), sequence));
            if (code == Refusal.FENCED) {
                throw refused(target, sequence, code);
            }
            if (code != Refusal.GAP) {
                anomalies.report("a batch that overtook another was not refused: partition=" + target.id()
                        + " sequence=" + sequence + " answer=" + Refusal.describe(code));
            }
            send(target, entries.subList(0, half));
        }
        send(target, entries.subList(half, entries.size()));
    }

    private ByteBuffer encode(List<Portion.Entry> entries, int sequence) {
        long nowMs = runtime.clock().time();
        encoder.begin(nowMs).producer(session.producerId(), session.epoch(), sequence).asTransactional();
        for (Portion.Entry entry : entries) {
            if (!encoder.tryAppend(nowMs, entry.key(), entry.value())) {
                throw new IllegalStateException("portion larger than " + MAX_BATCH_BYTES + " bytes");
            }
        }
        return encoder.finish();
    }

    private long append(Partition target, ByteBuffer batch) {
        PartitionWriter writer = session.touch(target);
        if (writer == null) {
            throw new FencedException("touch of " + target.id() + " by " + this);
        }
        return Waiting.upTo(TIMEOUT, "room in " + target.id()).appendUntilTaken(() -> writer.append(batch));
    }

    private RuntimeException refused(Partition target, int sequence, long code) {
        String what = "batch refused: partition=" + target.id() + " sequence=" + sequence + " " + this + ": "
                + Refusal.describe(code);
        return code == Refusal.FENCED ? new FencedException(what) : new IllegalStateException(what);
    }

    /** Stages how far a group has read, as a part of the transaction. */
    void stage(String group, OffsetToCommit offset) {
        Broker broker = runtime.broker();
        if (session.touch(broker.partition(Broker.OFFSETS_TOPIC, 0)) == null) {
            throw new FencedException("offsets of " + this);
        }
        CommitRequest request = new CommitRequest(group, Membership.NOBODY, List.of(offset));
        Waiting waiting = Waiting.upTo(TIMEOUT, "room in " + Broker.OFFSETS_TOPIC);
        GroupError error = stage(request);
        while (error == GroupError.COORDINATOR_LOAD_IN_PROGRESS || error == GroupError.COORDINATOR_NOT_AVAILABLE) {
            waiting.pause();
            error = stage(request);
        }
        if (error == GroupError.INVALID_PRODUCER_EPOCH) {
            throw new FencedException("offsets of " + this);
        }
        if (error != GroupError.NONE) {
            throw new IllegalStateException("offsets of " + this + " refused: " + error);
        }
    }

    private GroupError stage(CommitRequest request) {
        AtomicReference<GroupError> answer = new AtomicReference<>();
        runtime.broker().groups().commitInTransaction(session.producerId(), session.epoch(), request,
                runtime.clock().time(), answer::set);
        return answer.get();
    }

    @Override
    public String toString() {
        return session.transactionalId() + " (producerId=" + session.producerId() + " epoch=" + session.epoch() + ')';
    }
}
