package io.semel.transactions.coordinator;

import java.util.ArrayList;
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
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionLogValue;

/**
 * The transactional ids of one directory: hands out identities, ends what times out, and finishes after a crash what
 * was decided before it.
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
    public static final int MAX_TRANSACTIONAL_ID_LENGTH = 8_000;

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
    /** Changed by {@link #doWork} alone. */
    private volatile long timedOutCount;

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
     * As {@link #initialize}, by an instance whose id expired while it was idle: a new epoch, as KIP-360 has it, but
     * not in place of an instance that came meanwhile ({@code FENCED}).
     */
    public Initialization resume(TransactionSession expired, int timeoutMs, TransactionHome home) {
        Initialization resumed = initialize(expired.transactionalId(), timeoutMs, home);
        resumed.require(expired.identity());
        return resumed;
    }

    /**
     * As {@link #initialize(String, InstanceRequest)}, by the instance that has {@code holder}: it asks for the next
     * epoch in place of its own (KIP-360), and aborts what it has open with that. Asked again, because the answer was
     * lost, it is answered alike. {@code FENCED} when somebody else has come meanwhile (Kafka: PRODUCER_FENCED).
     */
    public Initialization renew(String transactionalId, InstanceRequest request, ProducerIdAndEpoch holder) {
        Initialization renewed = initialize(transactionalId, request);
        renewed.inPlaceOf(holder);
        return renewed;
    }

    private Transaction transaction(String transactionalId) {
        return transactions.computeIfAbsent(transactionalId, id -> new Transaction(id, context));
    }

    /**
     * What the producers of a transactional id send after InitProducerId; empty when nobody knows the id.
     *
     * @param spoken by which rules the message is sent, as its version tells
     */
    public Optional<RemoteTransaction> remote(String transactionalId, TransactionRules spoken) {
        return Optional.ofNullable(transactions.get(transactionalId)).map(found -> new RemoteTransaction(found,
                spoken));
    }

    /** What an operator sees of the transactional ids, and does to them. */
    public TransactionOperator operator() {
        return new TransactionOperator(transactions, context);
    }

    /**
     * Takes over what the journal's fold found. Step {@link TransactionRecovery#step} until it is done before anybody
     * else is let in.
     */
    public TransactionRecovery recover(DecisionJournal.Fold journalFold, Survival survival) {
        List<Transaction> decided = new ArrayList<>();
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
        }
        return new TransactionRecovery(context, List.copyOf(transactions.values()), survival, decided, lost);
    }

    /** The logs still hold the batches of an id that was retired, and made it alive again (I4). */
    private void retire(long previousProducerId, String transactionalId) {
        ProducerIdentity previous = context.ids().find(previousProducerId);
        if (previous != null) {
            context.ids().retire(previous, "transactional id " + transactionalId
                    + " got a new producer id at its last epoch");
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
                done += sweepGuarded(transaction, nowMs);
            }
        }
        if (steadyMs - lastCompletionMs >= COMPLETION_INTERVAL_MS) {
            lastCompletionMs = steadyMs;
            done += journalCompletions();
        }
        return done + expiry.doWork(nowMs);
    }

    /** An id that fails is left alone until a newer instance takes it over, and does not take the others with it. */
    private int sweepGuarded(Transaction transaction, long nowMs) {
        if (transaction.isParked()) {
            return 0;
        }
        try {
            return sweep(transaction, nowMs);
        } catch (RuntimeException | Error e) {
            transaction.park();
            LOGGER.error("{} is left alone until a newer instance takes it over: its background work failed",
                    transaction.transactionalId(), e);
            return 0;
        }
    }

    private int sweep(Transaction transaction, long nowMs) {
        if (!transaction.pen().tryTake()) {
            return 0;
        }
        try {
            if (transaction.isTimedOut()) {
                transaction.fenceAndAbort("transaction of " + transaction.transactionalId() + " was open longer than "
                        + transaction.owner().request().timeoutMs() + " ms (transaction.timeout.ms) and was aborted at "
                        + nowMs);
                timedOutCount += transaction.isTimedOut() ? 0 : 1;
            }
            if (transaction.isDeciding()) {
                return transaction.drive() == Progress.DONE ? 1 : 0;
            }
            return transaction.isOngoing() && transaction.ongoing().writeIfDue(transaction) ? 1 : 0;
        } finally {
            transaction.pen().release();
        }
    }

    /** Transactions that were aborted because they were open for too long, since the directory was opened. */
    public long timedOutCount() {
        return timedOutCount;
    }

    /**
     * Journals the completions that are known, so that the next recovery has nothing to do. By the owner, before it
     * closes.
     */
    public int journalCompletions() {
        int done = 0;
        Transaction next = completed.relaxedPeek();
        while (next != null && next.pen().tryTake()) {
            boolean journaled;
            try {
                journaled = next.completion().write(next);
            } catch (RuntimeException | Error e) {
                // Without its record the next recovery finds the markers in place; the others behind it must not wait.
                LOGGER.error("completion of {} can't be journaled", next.transactionalId(), e);
                next.completion().leaveList();
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
