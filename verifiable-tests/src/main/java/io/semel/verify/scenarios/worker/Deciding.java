package io.semel.verify.scenarios.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import io.semel.idempotence.ProducerState;
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
import io.semel.transactions.records.TransactionHome;
import io.semel.verify.programs.EventLine;
import io.semel.verify.programs.EventOutput;

/**
 * One transaction over three partitions and a group's offset, ended up to a step. A marker is held back by its
 * partition's pen of this producer, taken by the clock between decision and journal: whoever writes markers then has to
 * come back, and never can.
 *
 * <p>Thread rule: one thread; the broker has no other.
 */
final class Deciding {
    private static final String TRANSACTIONAL_ID = "decider";
    private static final int TIMEOUT_MS = 60_000;
    private static final int BATCH_BYTES = 1 << 10;

    /** A call that waits for nobody but the disk has come back by then. */
    private static final int MOST_STEPS = 100_000;

    private final DecisionPlan plan;
    private final Broker broker;
    private final StepClock clock;
    private final EventOutput output;
    private final RecordBatchWriter encoder = new RecordBatchWriter(BATCH_BYTES, BATCH_BYTES);
    private final List<Partition> touched = new ArrayList<>();
    private boolean isDecided;

    Deciding(DecisionPlan plan, Broker broker, StepClock clock, EventOutput output) {
        this.plan = plan;
        this.broker = broker;
        this.clock = clock;
        this.output = output;
    }

    /** What a life writes to a partition. */
    static String value(int life, int partition) {
        return life + "." + partition;
    }

    /** Never returns. */
    void run() {
        Initialization initialization = broker.transactions().initialize(TRANSACTIONAL_ID, TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        settle(initialization::step, "the start of " + TRANSACTIONAL_ID);
        TransactionSession session = initialization.session();
        output.print(EventLine.STARTUP_COMPLETE);
        settle(session::begin, "the begin of a transaction");
        output.print(EventLine.TRANSACTION_BEGUN);
        broker.topic(Setting.OUTPUT).partitions().forEach(partition -> write(session, partition));
        stageOffset(session);
        if (plan.step() == DecisionStep.NOT_ASKED) {
            awaitKill();
        }
        boolean isCommit = plan.course() == DecisionPlan.Course.COMMIT;
        if (isCommit) {
            output.print(EventLine.TRANSACTION_COMMITTING);
        }
        Supplier<Progress> end = () -> end(session);
        if (!plan.step().isAnswered()) {
            // In POWER data and decision wait for a force first.
            for (int steps = 0; steps < MOST_STEPS && !isAtStep(session); steps++) {
                step(end);
            }
            awaitKill();
        }
        settle(end, "the end of a transaction");
        output.print(isCommit ? EventLine.TRANSACTION_COMMITTED : EventLine.TRANSACTION_ABORTED);
        if (plan.step() == DecisionStep.COMPLETED) {
            settle(() -> broker.transactions().journalCompletions() > 0 ? Progress.DONE : Progress.PENDING,
                    "the completion's record");
        }
        awaitKill();
    }

    private void write(TransactionSession session, Partition partition) {
        long nowMs = clock.time();
        encoder.begin(nowMs).producer(session.producerId(), session.epoch(), 0).asTransactional();
        String value = value(plan.number(), partition.id().partition());
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        encoder.tryAppend(nowMs, bytes, bytes);
        ByteBuffer batch = encoder.finish();
        PartitionWriter writer = session.touch(partition);
        TopicPartition told = new TopicPartition(partition.id().topic(), partition.id().partition());
        output.printSendBegun(new ProducerRecord<>(told.topic(), told.partition(), null, value));
        long offset = writer.append(batch);
        if (offset < 0) {
            throw new BrokenException(partition.id() + " refused a new instance's first batch: " + offset);
        }
        touched.add(partition);
        output.printSent(null, value, told, offset);
    }

    private void stageOffset(TransactionSession session) {
        Partition offsets = broker.partition(Broker.OFFSETS_TOPIC, 0);
        session.touch(offsets);
        AtomicReference<GroupError> answer = new AtomicReference<>();
        broker.groups().commitInTransaction(session.producerId(), session.epoch(), new CommitRequest(Setting.GROUP,
                Membership.NOBODY, List.of(OffsetToCommit.of(Setting.OUTPUT, 0, plan.number()))), clock.time(),
                answer::set);
        settle(() -> answer.get() == null ? Progress.PENDING : Progress.DONE, "the answer to an offset");
        if (answer.get() != GroupError.NONE) {
            throw new BrokenException("an offset of a new instance was refused: " + answer.get());
        }
        touched.add(offsets);
    }

    private Progress end(TransactionSession session) {
        if (!isDecided) {
            clock.atNextQuestion(() -> interfere(session));
        }
        Progress progress = plan.course() == DecisionPlan.Course.COMMIT ? session.commit() : session.abort();
        clock.forget();
        return progress;
    }

    /** The decision is made and not yet written down. */
    private void interfere(TransactionSession session) {
        isDecided = true;
        if (plan.step() == DecisionStep.ASKED) {
            awaitKill();
        }
        if (!plan.step().isAnswered()) {
            // Not always the same ones.
            Collections.rotate(touched, plan.number());
            touched.stream().skip(plan.step().markers()).forEach(partition -> partition.producer(session.producerId())
                    .pen().take());
        }
    }

    private boolean isAtStep(TransactionSession session) {
        return isDecided && touched.stream().filter(partition -> partition.producer(session.producerId())
                .transactionOffset() == ProducerState.NO_OFFSET).count() == plan.step().markers();
    }

    private void settle(Supplier<Progress> step, String what) {
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            Progress progress = step(step);
            if (progress == Progress.DONE) {
                return;
            }
            if (progress != Progress.PENDING) {
                throw new BrokenException(what + " was answered " + progress);
            }
        }
        throw new BrokenException(what + " did not come in " + MOST_STEPS + " steps");
    }

    /**
     * And all that would be done in the background; behind a decision that would be its completion, which has its own
     * step.
     */
    private Progress step(Supplier<Progress> step) {
        Progress progress = step.get();
        if (!isDecided) {
            broker.doWork();
        }
        broker.flush();
        return progress;
    }

    private void awaitKill() {
        output.print(output.event(Told.AT_STEP).with(Told.WHAT, plan.course() + ": " + plan.step().words()));
        while (true) {
            LockSupport.park(this);
        }
    }
}
