package io.semel.client.producer;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.groups.CommitRequest;

/**
 * The transactional calls: each changes the state, has the sender thread do the work, and waits for it.
 *
 * <p>A call takes {@code max.block.ms} at most, waiting for room in the queue included. One that timed out goes on;
 * calling it again waits for the same work, and nothing else may be called before.
 *
 * <p>Thread rule: any thread.
 */
final class Transactions {
    private final TransactionGate gate;
    private final TransactionWork work;
    private final Lanes lanes;
    private final SendQueue queue;
    private final Broker broker;
    private final Duration maxBlock;
    /** The call that is under way; empty when none is. */
    private String callUnderWay = "";
    private Command underWay;

    Transactions(TransactionGate gate, TransactionWork work, Lanes lanes, SendQueue queue, Broker broker,
            Duration maxBlock) {
        this.gate = gate;
        this.work = work;
        this.lanes = lanes;
        this.queue = queue;
        this.broker = broker;
        this.maxBlock = maxBlock;
    }

    void initialize() {
        run("initTransactions", TransactionState.INITIALIZING, Command.Batches.LEAVE, work::stepInitialize);
    }

    synchronized void begin() {
        gate.throwIfFailed();
        requireNothingUnderWay("beginTransaction");
        work.throwIfFenced();
        gate.begin();
    }

    void commit() {
        run("commitTransaction", TransactionState.COMMITTING, Command.Batches.CUT,
                () -> lanes.isQuiet() && work.stepCommit());
    }

    void abort() {
        run("abortTransaction", TransactionState.ABORTING, Command.Batches.LEAVE, () -> {
            lanes.dropUnsent(gate.aborted());
            return lanes.isQuiet() && work.stepAbort();
        });
    }

    private void run(String call, TransactionState during, Command.Batches batches, BooleanSupplier step) {
        queue.refuseSenderThread(call);
        long startNs = System.nanoTime();
        Command command;
        synchronized (this) {
            gate.throwIfFatal();
            requireNothingUnderWay(call);
            if (underWay == null) {
                start(call, during, new Command(call, batches, step));
            }
            command = underWay;
        }
        try {
            command.await(startNs, maxBlock);
        } finally {
            if (command.isOver()) {
                over(command);
            }
        }
    }

    private void requireNothingUnderWay(String call) {
        if (underWay != null && !callUnderWay.equals(call)) {
            throw new IllegalStateException(callUnderWay + " is under way, it timed out or another thread is in it; "
                    + "call it again before " + call);
        }
    }

    private void start(String call, TransactionState during, Command command) {
        if (during != TransactionState.ABORTING) {
            gate.throwIfFailed();
        }
        gate.become(during, call);
        try {
            queue.put(command, maxBlock);
        } catch (TimeoutException | InterruptException e) {
            gate.lost(e);
            gate.fatalUnlessAbortable(e);
            throw e;
        }
        callUnderWay = call;
        underWay = command;
    }

    private synchronized void over(Command command) {
        if (underWay == command) {
            underWay = null;
            callUnderWay = "";
        }
    }

    void stageOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        Objects.requireNonNull(offsets, "offsets");
        requireValid(group);
        queue.refuseSenderThread("sendOffsetsToTransaction");
        long sentIn = gate.number();
        gate.requireInTransaction("sendOffsetsToTransaction");
        if (offsets.isEmpty()) {
            return;
        }
        Command command = new Command("sendOffsetsToTransaction", Command.Batches.LEAVE, staging(sentIn, offsets,
                group));
        long startNs = System.nanoTime();
        try {
            queue.put(command, maxBlock);
            command.await(startNs, maxBlock);
        } catch (TimeoutException | InterruptException e) {
            // Written or not, nobody knows: so this transaction must not commit, and a commit behind it must see so.
            gate.lost(e);
            command.abandon();
            throw e;
        }
    }

    private BooleanSupplier staging(long sentIn, Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        try {
            CommitRequest request = GroupOffsets.request(broker, group, offsets);
            return () -> work.stepOffsets(sentIn, group, request);
        } catch (KafkaException e) {
            gate.lost(e);
            throw e;
        }
    }

    private static void requireValid(ConsumerGroupMetadata group) {
        if (group == null) {
            throw new IllegalArgumentException("groupMetadata can't be null");
        }
        if (group.generationId() > 0 && group.memberId().isEmpty()) {
            throw new IllegalArgumentException("a generation needs its member's id: " + group);
        }
    }
}
