package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;

/** One instance of a producer: what it was handed, what it has sent, and what the auditor knows of its standing. */
final class Client {
    /** Whether what it sends is still taken. */
    enum Standing {
        CURRENT,
        /**
         * A take-over or a time-out is under way, or a crash has left open whether it was one: it may be fenced or not.
         */
        UNSURE, FENCED
    }

    /** Where its owner believes its transaction to be. */
    enum Phase {
        EMPTY, ONGOING, ASKED_COMMIT, ASKED_ABORT, COMMITTED, ABORTED
    }

    private final String name;
    private final long producerId;
    private final short epoch;
    /** Null for an idempotent producer without transactions. */
    private final TransactionSession session;
    private final Map<PartitionId, Integer> nextSequences = new HashMap<>();
    private final Map<PartitionId, List<Batch>> sent = new HashMap<>();
    /** Held on to as clients do, for as long as the process lives. */
    final Map<PartitionId, PartitionWriter> writers = new HashMap<>();
    Standing standing = Standing.CURRENT;
    Phase phase = Phase.EMPTY;
    Txn txn;
    /** Its process died. What it sent may still arrive, and it asks for nothing more. */
    boolean gone;

    Client(String name, long producerId, short epoch, TransactionSession session) {
        this.name = name;
        this.producerId = producerId;
        this.epoch = epoch;
        this.session = session;
    }

    /** The transactional id, or the name of an idempotent producer. */
    String name() {
        return name;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    TransactionSession session() {
        return session;
    }

    boolean isTransactional() {
        return session != null;
    }

    int nextSequence(PartitionId partition) {
        return nextSequences.getOrDefault(partition, 0);
    }

    void accepted(PartitionId partition, Batch batch) {
        nextSequences.put(partition, batch.lastSequence() + 1 & Integer.MAX_VALUE);
        sent.computeIfAbsent(partition, id -> new ArrayList<>()).add(batch);
    }

    List<Batch> sent(PartitionId partition) {
        return sent.getOrDefault(partition, List.of());
    }

    /** The topic was made again, and knows nobody. */
    void startOver(PartitionId partition) {
        nextSequences.remove(partition);
        sent.remove(partition);
        writers.remove(partition);
    }

    /** Not told yet how its transaction ended. */
    boolean isInTransaction() {
        return phase == Phase.ONGOING || phase == Phase.ASKED_COMMIT || phase == Phase.ASKED_ABORT;
    }

    /** Told that it is over. */
    void fence() {
        standing = Standing.FENCED;
    }

    /** From here on it may be over. */
    void doubt() {
        if (standing == Standing.CURRENT) {
            standing = Standing.UNSURE;
        }
    }

    @Override
    public String toString() {
        return name + "(" + producerId + "/" + epoch + ")";
    }
}
