package io.semel.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.apache.kafka.common.errors.ProducerFencedException;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.KafkaErrors;
import io.semel.client.runtime.Waiting;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.TransactionHome;

/**
 * Transactions by the short way: begin, append to any partitions, commit the consumed offsets with them, commit or
 * abort.
 *
 * <p>Thread rule: one thread at a time, except {@link #close()}, by any. Opening another appender with the same
 * transactional id fences this one.
 */
public final class TransactionalAppender implements AutoCloseable {
    /** Commit and abort wait for copies of other threads at most; longer means that a partition is not well. */
    private static final Duration END_TIMEOUT = Duration.ofSeconds(60);

    private final ClientRuntime runtime;
    private TransactionSession session;
    private final OffsetCommitter offsets;
    private final Map<Partition, AppendLane> lanes = new IdentityHashMap<>();
    private final OneThread access;
    private final Supplier<Progress> commit;
    private final Supplier<Progress> abort;
    private final Supplier<Progress> prepare;
    private boolean open;
    /** Whose transaction it is that is prepared, and only commits or aborts from then on. */
    private Optional<PreparedTransaction> prepared;
    /**
     * The end that was asked for and is not answered yet, null for none. Until it is, nothing is appended: a batch
     * behind the marker would begin a transaction that nobody ends.
     */
    private End ending;
    /** The commit met an offline partition and may stay undecided for ever: then an abort is the way out. */
    private boolean stuck;

    /** The two ways in which a transaction ends, and the first of two phases, as messages call them. */
    private enum End {
        PREPARE, COMMIT, ABORT;

        String call() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    TransactionalAppender(ClientRuntime runtime, TransactionSession session, OffsetCommitter offsets,
            Optional<PreparedTransaction> prepared) {
        this.runtime = runtime;
        this.session = session;
        this.offsets = offsets;
        this.access = new OneThread("transactional appender " + session.transactionalId());
        this.commit = () -> this.session.commit();
        this.abort = () -> this.session.abort();
        this.prepare = () -> this.session.prepare();
        this.prepared = prepared;
        this.open = prepared.isPresent();
        runtime.register(this);
    }

    /** Opens a transaction. Nothing is written yet. */
    public void begin() {
        access.enter();
        try {
            beginInside();
        } finally {
            access.leave();
        }
    }

    private void beginInside() {
        requireNotEnding(null);
        resumeIfExpired();
        Progress progress = beginSettled();
        if (progress == Progress.FENCED && session.isExpired()) {
            // Between the look and the begin.
            resumeIfExpired();
            progress = beginSettled();
        }
        require(progress, "begin");
        open = true;
    }

    private Progress beginSettled() {
        Progress progress = session.begin();
        return progress == Progress.PENDING
                ? Waiting.upTo(END_TIMEOUT, "begin").stepUntilSettled(session::begin)
                : progress;
    }

    /**
     * Whoever was idle for {@code transactional.id.expiration.ms} does not die of it, unless another has taken its
     * place.
     */
    private void resumeIfExpired() {
        if (!session.isExpired()) {
            return;
        }
        Initialization resumption = runtime.broker().transactions().resume(session, Semel.TRANSACTION_TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        require(Waiting.upTo(END_TIMEOUT, "the transaction coordinator").stepUntilSettled(resumption::step), "begin");
        session = resumption.session();
        lanes.clear();
    }

    /**
     * Adds a record to the open transaction.
     *
     * @throws ProducerFencedException when a newer instance of the transactional id exists, or the transaction timed
     *                                 out
     */
    public void append(Target target, byte[] key, byte[] value) {
        access.enter();
        try {
            appendInside(target, key, value);
        } finally {
            access.leave();
        }
    }

    private void appendInside(Target target, byte[] key, byte[] value) {
        requireUnprepared();
        try {
            lane(target.partition).add(key, value);
        } catch (ProducerFencedException e) {
            throw KafkaErrors.fenced(e, session);
        }
    }

    /** As {@link #append(Target, byte[], byte[])}, from parts of buffers; a length of -1 is a null. */
    public void append(Target target, ByteBuffer key, int keyPosition, int keyLength, ByteBuffer value,
            int valuePosition, int valueLength) {
        access.enter();
        try {
            appendInside(target, key, keyPosition, keyLength, value, valuePosition, valueLength);
        } finally {
            access.leave();
        }
    }

    private void appendInside(Target target, ByteBuffer key, int keyPosition, int keyLength, ByteBuffer value,
            int valuePosition, int valueLength) {
        requireUnprepared();
        try {
            lane(target.partition).add(key, keyPosition, keyLength, value, valuePosition, valueLength);
        } catch (ProducerFencedException e) {
            throw KafkaErrors.fenced(e, session);
        }
    }

    /** A partition to append to, looked up once. */
    public static final class Target {
        private final Partition partition;

        private Target(Partition partition) {
            this.partition = partition;
        }

        @Override
        public String toString() {
            return partition.id().toString();
        }
    }

    /**
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is no such partition
     * @throws org.apache.kafka.common.errors.InvalidTopicException when the topic is one of Semel's own
     */
    public Target target(String topic, int partition) {
        return new Target(runtime.writablePartition(topic, partition));
    }

    private AppendLane lane(Partition partition) {
        PartitionWriter writer = session.touch(partition);
        if (writer == null) {
            throw KafkaErrors.notDone(Progress.FENCED, session, "append");
        }
        AppendLane lane = lanes.get(partition);
        if (lane == null) {
            lane = new AppendLane(writer, runtime.coarseClock(), AppendLane.Numbering.TRANSACTIONAL_SEQUENCES,
                    session.epoch(), UnaryOperator.identity());
            lanes.put(partition, lane);
        }
        return lane;
    }

    /**
     * Commits, inside the transaction, that {@code group} has consumed {@code topic}-{@code partition} up to
     * {@code offset}, exclusive. Visible if and only if the transaction commits.
     */
    public void commitOffset(String group, String topic, int partition, long offset) {
        access.enter();
        try {
            commitOffsetInside(group, topic, partition, offset);
        } finally {
            access.leave();
        }
    }

    private void commitOffsetInside(String group, String topic, int partition, long offset) {
        requireUnprepared();
        offsets.commit(session, group, topic, partition, offset);
    }

    /**
     * The first of two phases (KIP-939): once this returns nothing ends the transaction but {@link #commit()},
     * {@link #abort()} or {@link #complete}, here or by an appender of {@code Semel.reopenTransactionalAppender}; no
     * timeout, no crash, no {@link #close()}. It holds committed readers back until then. Nothing can be appended any
     * more.
     */
    public PreparedTransaction prepare() {
        access.enter();
        try {
            return prepareInside();
        } finally {
            access.leave();
        }
    }

    private PreparedTransaction prepareInside() {
        requireTransaction(End.PREPARE);
        if (prepared.isEmpty()) {
            flushLanes();
            end(End.PREPARE, prepare);
            prepared = Optional.of(new PreparedTransaction(session.producerId(), session.epoch()));
        }
        return prepared.get();
    }

    /** What is prepared and waits for its end; empty when nothing is. */
    public Optional<PreparedTransaction> prepared() {
        access.enter();
        try {
            return prepared;
        } finally {
            access.leave();
        }
    }

    /** Commits what is prepared if it is what was decided elsewhere, else aborts it. True when it was committed. */
    public boolean complete(Optional<PreparedTransaction> decided) {
        access.enter();
        try {
            if (prepared.isEmpty()) {
                throw new IllegalStateException("nothing is prepared: " + session.transactionalId());
            }
            boolean commits = prepared.equals(decided);
            if (commits) {
                commitInside();
            } else {
                abortInside();
            }
            return commits;
        } finally {
            access.leave();
        }
    }

    /**
     * Makes all or nothing of it visible: returns once it is decided, acknowledged and marked everywhere. Thrown out by
     * a timeout, it may or may not be decided; calling again waits on, and nothing else is accepted until it is
     * answered.
     */
    public void commit() {
        access.enter();
        try {
            commitInside();
        } finally {
            access.leave();
        }
    }

    private void commitInside() {
        requireTransaction(End.COMMIT);
        flushLanes();
        end(End.COMMIT, commit);
    }

    private void flushLanes() {
        try {
            for (AppendLane lane : lanes.values()) {
                lane.flush();
            }
        } catch (ProducerFencedException e) {
            throw KafkaErrors.fenced(e, session);
        }
    }

    /** Makes sure that nothing of the transaction is ever visible to committed readers. */
    public void abort() {
        access.enter();
        try {
            abortInside();
        } finally {
            access.leave();
        }
    }

    private void abortInside() {
        requireTransaction(End.ABORT);
        for (AppendLane lane : lanes.values()) {
            lane.drop();
        }
        end(End.ABORT, abort);
    }

    private void end(End end, Supplier<Progress> step) {
        ending = end;
        Progress progress = step.get();
        if (progress == Progress.PENDING) {
            session.helpAcknowledge();
            progress = step.get();
        }
        if (progress == Progress.PENDING) {
            // In POWER the decision is next; whatever else it waits for takes longer than a helping hand.
            session.helpAcknowledge();
            progress = Waiting.upTo(END_TIMEOUT, end.call() + " of " + session.transactionalId())
                    .stepUntilSettled(step);
        }
        stuck = progress == Progress.UNAVAILABLE && end != End.ABORT;
        if (!stuck) {
            ending = null;
            open = end == End.PREPARE && progress == Progress.DONE;
            prepared = Optional.empty();
        }
        require(progress, end.call());
    }

    private void require(Progress progress, String attempted) {
        if (progress != Progress.DONE) {
            throw KafkaErrors.notDone(progress, session, attempted);
        }
    }

    private void requireTransaction(End wanted) {
        requireNotEnding(wanted);
        if (!open) {
            throw new IllegalStateException("no transaction is open: " + session.transactionalId() + "; call begin()");
        }
    }

    private void requireUnprepared() {
        requireTransaction(null);
        if (prepared.isPresent()) {
            throw new IllegalStateException("the transaction is prepared: " + session.transactionalId()
                    + "; nothing can be added, commit() or abort() it");
        }
    }

    private void requireNotEnding(End wanted) {
        if (ending != null && ending != wanted && !(stuck && wanted == End.ABORT)) {
            throw new IllegalStateException(ending.call() + " is under way: " + session.transactionalId() + "; call "
                    + ending.call() + "() again");
        }
    }

    /**
     * Aborts an open transaction unless its commit is under way or it is prepared, then closes. Closing twice is
     * harmless. Closed by another thread, which closing the directory is, it waits for the call under way; the next one
     * is refused.
     */
    @Override
    public void close() {
        access.close(this::finish);
    }

    private void finish() {
        try {
            if (open && ending != End.COMMIT && ending != End.PREPARE && prepared.isEmpty() && session.fencedBecause()
                    .isEmpty()) {
                abortInside();
            }
        } finally {
            runtime.unregister(this);
        }
    }
}
