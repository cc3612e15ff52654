package io.semel.transactions.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.idempotence.ProducerIdentity;
import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.ProducerState;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionLogValue;

/**
 * The transactional ids of one directory: hands out identities, ends what times out, and finishes after a crash what was
 * decided before it.
 *
 * <p>Thread rule: {@link #initialize} by any thread; {@link #doWork} by one thread at a time; {@link #recover} before
 * anything else.
 */
public final class TransactionCoordinator {
    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionCoordinator.class);

    /** Kafka's {@code transaction.max.timeout.ms}: a longer transaction would hold back every committed reader. */
    public static final int MAX_TIMEOUT_MS = 15 * 60 * 1000;

    /** Each takes about a kilobyte; ids are meant to be used again and again, so this many say that they are not. */
    public static final int MAX_TRANSACTIONAL_IDS = 100_000;

    /** Three bytes a character at most, in a field of at most 32,767 bytes. */
    private static final int MAX_TRANSACTIONAL_ID_LENGTH = 8_000;

    /** Timeouts are counted in seconds, and what owners leave behind may wait this long. */
    private static final long SWEEP_INTERVAL_MS = 10;

    /** Completions that wait for their record; past this they go without, see {@link CoordinatorContext}. */
    private static final int COMPLETION_QUEUE_LENGTH = 4096;

    /** Completion records are written this often at most: they only spare the next recovery work. */
    private static final long COMPLETION_INTERVAL_MS = 1000;

    final CoordinatorContext context;
    private final MpscVarHandleArrayQueue<Transaction> completed = new MpscVarHandleArrayQueue<>(
            COMPLETION_QUEUE_LENGTH);
    private final ConcurrentMap<String, Transaction> transactions = new ConcurrentHashMap<>();
    private final TransactionalIdExpiry expiry;
    private long lastSweepMs;
    private long lastCompletionMs;

    /** @param idExpirationMs an id that is idle for longer is forgotten, at least 1 */
    public TransactionCoordinator(DecisionJournal journal, PartitionLookup partitions, ProducerIds ids,
            EpochClock clock, NanoClock steady, long idExpirationMs) {
        this.context = new CoordinatorContext(journal, partitions, ids, clock, steady, completed, this::transaction);
        this.lastSweepMs = context.steadyMs() - SWEEP_INTERVAL_MS;
        this.lastCompletionMs = context.steadyMs() - COMPLETION_INTERVAL_MS;
        this.expiry = new TransactionalIdExpiry(transactions, context, idExpirationMs);
    }

    /**
     * Begins InitProducerId for a transactional id. Step it until it is done.
     *
     * @param timeoutMs 1 to {@link #MAX_TIMEOUT_MS}; a transaction that is open longer is aborted
     * @throws TransactionalIdLimitException when the id is new and there are {@link #MAX_TRANSACTIONAL_IDS} already
     */
    public Initialization initialize(String transactionalId, int timeoutMs, TransactionHome home) {
        return initialize(transactionalId, new InstanceRequest(timeoutMs, home, TransactionRules.ONE_EPOCH,
                InstanceRequest.Takeover.ABORTS));
    }

    /** As {@link #initialize(String, int, TransactionHome)}, by rules that are asked for. */
    public Initialization initialize(String transactionalId, InstanceRequest request) {
        int timeoutMs = request.timeoutMs();
        if (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
            throw new IllegalArgumentException("transaction.timeout.ms out of range: transactionalId=" + transactionalId
                    + " given=" + timeoutMs + " allowed=1.." + MAX_TIMEOUT_MS);
        }
        if (transactionalId.isEmpty() || transactionalId.length() > MAX_TRANSACTIONAL_ID_LENGTH) {
            throw new IllegalArgumentException("transactional.id must have 1 to " + MAX_TRANSACTIONAL_ID_LENGTH
                    + " characters: given=" + transactionalId.length());
        }
        if (transactions.size() >= MAX_TRANSACTIONAL_IDS && !transactions.containsKey(transactionalId)) {
            throw new TransactionalIdLimitException(transactionalId, MAX_TRANSACTIONAL_IDS);
        }
        return new Initialization(transaction(transactionalId), context, request);
    }

    /**
     * As {@link #initialize}, by an instance whose id expired while it was idle: a new epoch, as KIP-360 has it, but not in place of
     * an instance that came meanwhile ({@code FENCED}).
     */
    public Initialization resume(TransactionSession expired, int timeoutMs, TransactionHome home) {
        Initialization resumed = initialize(expired.transactionalId(), timeoutMs, home);
        resumed.require(expired.identity());
        return resumed;
    }

    private Transaction transaction(String transactionalId) {
        return transactions.computeIfAbsent(transactionalId, id -> new Transaction(id, context));
    }

    /** What the producers of a transactional id send after InitProducerId; empty when nobody knows the id. */
    public Optional<RemoteTransaction> remote(String transactionalId) {
        return Optional.ofNullable(transactions.get(transactionalId)).map(RemoteTransaction::new);
    }

    /** What an operator sees of the transactional ids, and does to them. */
    public TransactionOperator operator() {
        return new TransactionOperator(transactions, context);
    }

    /** Takes over what the journal's fold found. Step {@link Recovery#step} until it is done before anybody else is let in. */
    public Recovery recover(DecisionJournal.Fold journalFold) {
        List<Transaction> decided = new ArrayList<>();
        List<Transaction> prepared = new ArrayList<>();
        int lost = 0;
        for (Map.Entry<String, TransactionLogValue> entry : journalFold.take().entrySet()) {
            TransactionLogValue last = entry.getValue();
            retire(last.identity().previousProducerId(), entry.getKey());
            ProducerIdentity revived = context.ids().revive(last.identity().producerId(),
                    last.identity().producerEpoch());
            Transaction transaction = new Transaction(entry.getKey(), context);
            lost += transaction.recover(last, revived, context.partitions());
            transactions.put(entry.getKey(), transaction);
            if (transaction.isDeciding()) {
                decided.add(transaction);
            }
            if (transaction.isPrepared()) {
                prepared.add(transaction);
            }
        }
        return new Recovery(decided, prepared, lost);
    }

    /** The logs still hold the batches of an id that was retired, and made it alive again (I4). */
    private void retire(long previousProducerId, String transactionalId) {
        ProducerIdentity previous = context.ids().find(previousProducerId);
        if (previous != null) {
            context.ids().retire(previous, "transactional id " + transactionalId
                    + " got a new producer id at its last epoch");
        }
    }

    /** Finishes what was decided; then aborts what was open and undecided: its owner died with the process, or is fenced. */
    public final class Recovery {
        private static final int NOT_YET = -1;

        private final List<Transaction> decided;
        private final List<Transaction> prepared;
        private final int lost;
        private final ControlBatches markers = new ControlBatches();
        private int driven;
        /** How many were decided before the remote owners were fenced; -1 before that. */
        private int fenced = NOT_YET;
        private int finished;
        private int aborted;
        private int waiting;
        private long refusal;

        private Recovery(List<Transaction> decided, List<Transaction> prepared, int lost) {
            this.decided = decided;
            this.prepared = prepared;
            this.lost = lost;
        }

        /** Goes on as far as possible without waiting. {@link #refusal()} says what {@code PENDING} waits for. */
        public Progress step() {
            Progress progress = driveDecided();
            if (progress == Progress.DONE && fenced == NOT_YET) {
                fenced = driven;
                fenceRemoteOwners();
                progress = driveDecided();
            }
            return progress == Progress.DONE ? abortTheRest() : progress;
        }

        private Progress driveDecided() {
            while (driven < decided.size()) {
                Transaction transaction = decided.get(driven);
                Progress progress = transaction.drive();
                String offline = transaction.awaitedOffline();
                if (progress != Progress.DONE && offline.isEmpty()) {
                    refusal = transaction.refusal();
                    return progress;
                }
                if (!offline.isEmpty()) {
                    waiting++;
                    LOGGER.warn(
                            "{} stays decided and not complete: its marker waits until {} is back in service, and so"
                                    + " does its next instance; in every other partition it has ended",
                            transaction.transactionalId(), offline);
                }
                if (fenced == NOT_YET) {
                    finished += transaction.markersWritten() > 0 ? 1 : 0;
                } else {
                    aborted += transaction.markersWritten();
                }
                driven++;
            }
            return Progress.DONE;
        }

        /**
         * A producer at the other end of a connection may be alive, and would commit what it writes from now on without what is
         * aborted here (T1): its epoch is over.
         */
        private void fenceRemoteOwners() {
            Map<Long, Transaction> owners = new HashMap<>();
            for (Transaction transaction : transactions.values()) {
                if (transaction.owner().request().home() == TransactionHome.REMOTE && !transaction.isDeciding()
                        && !transaction.isPrepared()) {
                    owners.put(transaction.owner().identity().producerId(), transaction);
                }
            }
            for (Partition partition : context.partitions().all()) {
                for (ProducerState state : partition.producers()) {
                    Transaction owner = owners.get(state.identity().producerId());
                    if (owner != null && state.transactionOffset() != ProducerState.NO_OFFSET && !owner.isDeciding()) {
                        owner.fenceAndAbortLeftovers("the directory was opened again at " + context.now()
                                + " and the transaction of " + owner.transactionalId() + " was aborted");
                        decided.add(owner);
                    }
                }
            }
        }

        private Progress abortTheRest() {
            for (Partition partition : context.partitions().all()) {
                for (ProducerState state : partition.producers()) {
                    if (isLeftOpen(partition, state) && !abort(partition, state)) {
                        return DecisionJournal.isLasting(refusal) ? Progress.UNAVAILABLE : Progress.PENDING;
                    }
                }
            }
            return Progress.DONE;
        }

        /** What is prepared waits for whoever decides it. */
        private boolean isLeftOpen(Partition partition, ProducerState state) {
            long firstOffset = state.transactionOffset();
            return firstOffset != ProducerState.NO_OFFSET && prepared.stream().noneMatch(each -> each.owner()
                    .identity() == state.identity() && each.holdsPrepared(partition, firstOffset));
        }

        private boolean abort(Partition partition, ProducerState state) {
            long code = partition.openWriter(state).appendMarker(markers, ControlType.ABORT, state.epoch(),
                    state.transactionOffset(), context.now());
            if (code >= 0) {
                aborted++;
            } else if (code != Refusal.NOTHING_TO_END) {
                refusal = code;
                return false;
            }
            return true;
        }

        /** The last code with which a log refused a record; 0 when none did. */
        public long refusal() {
            return refusal;
        }

        /** Decided transactions that lacked markers and have them now. */
        public int finishedCount() {
            return finished;
        }

        /** Decided transactions that wait for a partition which is out of service. */
        public int waitingCount() {
            return waiting;
        }

        /** Branches of committed transactions whose data is gone, one per partition. */
        public int lostCount() {
            return lost;
        }

        /** Branches of undecided transactions that were aborted, one per partition. */
        public int abortedCount() {
            return aborted;
        }
    }

    /** Ends what has timed out, goes on with what is decided, and journals completions in bulk. */
    public int doWork() {
        long nowMs = context.now();
        long steadyMs = context.steadyMs();
        int done = 0;
        if (steadyMs - lastSweepMs >= SWEEP_INTERVAL_MS) {
            lastSweepMs = steadyMs;
            for (Transaction transaction : transactions.values()) {
                done += sweepGuarded(transaction, steadyMs, nowMs);
            }
        }
        if (steadyMs - lastCompletionMs >= COMPLETION_INTERVAL_MS) {
            lastCompletionMs = steadyMs;
            done += journalCompletions();
        }
        return done + expiry.doWork(nowMs);
    }

    /** An id that fails is left alone until a newer instance takes it over, and does not take the others with it. */
    private static int sweepGuarded(Transaction transaction, long steadyMs, long nowMs) {
        if (transaction.isParked()) {
            return 0;
        }
        try {
            return sweep(transaction, steadyMs, nowMs);
        } catch (RuntimeException | Error e) {
            transaction.park();
            LOGGER.error("{} is left alone until a newer instance takes it over: its background work failed",
                    transaction.transactionalId(), e);
            return 0;
        }
    }

    private static int sweep(Transaction transaction, long steadyMs, long nowMs) {
        if (!transaction.pen().tryTake()) {
            return 0;
        }
        try {
            if (transaction.isTimedOut(steadyMs)) {
                transaction.fenceAndAbort("transaction of " + transaction.transactionalId() + " was open longer than "
                        + transaction.owner().request().timeoutMs() + " ms (transaction.timeout.ms) and was aborted at "
                        + nowMs);
            }
            if (transaction.isDeciding()) {
                return transaction.drive() == Progress.DONE ? 1 : 0;
            }
            return 0;
        } finally {
            transaction.pen().release();
        }
    }

    /** Journals the completions that are known, so that the next recovery has nothing to do. By the owner, before it closes. */
    public int journalCompletions() {
        int done = 0;
        Transaction next = completed.relaxedPeek();
        while (next != null && next.pen().tryTake()) {
            boolean journaled;
            try {
                journaled = next.journalCompletion();
            } catch (RuntimeException | Error e) {
                // Without its record the next recovery finds the markers in place; the others behind it must not wait.
                LOGGER.error("completion of {} can't be journaled", next.transactionalId(), e);
                next.leaveCompletionList();
                journaled = true;
            } finally {
                next.pen().release();
            }
            if (!journaled) {
                return done;
            }
            completed.relaxedPoll();
            done++;
            next = completed.relaxedPeek();
        }
        return done;
    }
}
