package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

import io.semel.transactions.partition.PartitionId;
import io.semel.verify.disk.ViolationException;

/**
 * The model: who was handed what, which transaction may end how, and what every partition must hold. Written from the
 * properties alone.
 *
 * <p>Thread rule: one thread.
 */
final class Auditor {
    /** One below the highest: there is always one left to fence with. */
    private static final int LAST_EPOCH = Short.MAX_VALUE - 1;

    /** Take-overs and time-outs use some of the last ones up without handing them out. */
    private static final int FEW_EPOCHS = 20;

    private final Map<PartitionId, PartitionAudit> partitions = new LinkedHashMap<>();
    private final List<Client> clients = new ArrayList<>();
    /** The highest that was handed out, or found by the first opening. */
    private final Map<Long, Integer> highestEpochs = new HashMap<>();
    /** By transactional id, the producer id that it has now. */
    private final Map<String, Long> producerIds = new HashMap<>();
    private final Set<Long> retired = new HashSet<>();
    private final Lifetimes lifetimes = new Lifetimes();
    private final List<Txn> unfinished = new ArrayList<>();
    private final List<Txn> transactions = new ArrayList<>();

    Auditor() {
        World.ALL.forEach(id -> partitions.put(id, new PartitionAudit(id, null)));
    }

    static void require(boolean holds, String property, String otherwise) {
        require(holds, property, () -> otherwise);
    }

    /** @param otherwise words for a wrong answer; millions of right answers need none */
    static void require(boolean holds, String property, Supplier<String> otherwise) {
        if (!holds) {
            throw new ViolationException(property, otherwise.get());
        }
    }

    PartitionAudit partition(PartitionId id) {
        return partitions.get(id);
    }

    /**
     * Of the topic that has the name now: one that was made again holds nothing of the one before, and knows nobody.
     */
    void follow(PartitionId id, UUID topicId) {
        if (!partition(id).isOf(topicId)) {
            partition(id).dissolve();
            partitions.put(id, new PartitionAudit(id, topicId));
            clients.forEach(client -> client.startOver(id));
        }
    }

    List<Client> clients() {
        return clients;
    }

    // ---- identities

    /** A transactional id had this epoch before the life begins. */
    void endowed(String name, long producerId, int epoch) {
        producerIds.put(name, producerId);
        highestEpochs.put(producerId, epoch);
    }

    Lifetimes lifetimes() {
        return lifetimes;
    }

    /** Whether it was idle for long enough that its id may be dead of it: never with a transaction open. */
    boolean mayBeExpired(Client client, long nowMs) {
        long expirationMs = client.isTransactional() ? World.TRANSACTIONAL_ID_EXPIRATION_MS
                : World.PRODUCER_ID_EXPIRATION_MS;
        boolean mustLive = client.standing == Client.Standing.CURRENT && client.isInTransaction();
        return !mustLive && lifetimes.mayExpire(client.producerId(), nowMs, expirationMs);
    }

    private boolean mayBeForgotten(String name, long producerId, long nowMs) {
        return lifetimes.mayExpire(producerId, nowMs, World.TRANSACTIONAL_ID_EXPIRATION_MS) && clients.stream()
                .noneMatch(
                        client -> client.name().equals(name) && client.standing == Client.Standing.CURRENT && client
                                .isInTransaction());
    }

    /**
     * T6, I4, I5: an id is never issued twice, an epoch only rises, and the highest is never handed out.
     *
     * @param askedMs when it was asked for
     */
    void handedOut(Client client, long askedMs, long nowMs) {
        Long before = producerIds.put(client.name(), client.producerId());
        boolean isNew = before == null || before != client.producerId();
        Integer highest = highestEpochs.put(client.producerId(), (int) client.epoch());
        require(isNew ? highest == null : client.epoch() > highest, isNew ? "I4" : "T6", () -> client
                + " was handed out after epoch " + highest + " of that producer id, had " + before);
        require(client.epoch() <= LAST_EPOCH, "I5", () -> client + " has the epoch that is left to fence with");
        if (isNew && before != null) {
            require(highestEpochs.get(before) > LAST_EPOCH - FEW_EPOCHS || mayBeForgotten(client.name(), before, nowMs),
                    "I5", () -> before + " was given up early, for " + client);
            retired.add(before);
        }
        require(isNew || !lifetimes.isDead(before), "I4", () -> before + " is dead, and was handed out again");
        lifetimes.written(client.producerId(), askedMs);
        lifetimes.heard(client.producerId(), nowMs);
        clients.stream().filter(other -> other.name().equals(client.name())).forEach(Client::fence);
        clients.add(client);
    }

    private boolean isRetired(Client client) {
        return retired.contains(client.producerId());
    }

    /** Whether the id was given up, or somebody may be about to do that. */
    boolean mayBeRetired(Client client) {
        return isRetired(client) || client.isTransactional() && highestEpochs.get(client.producerId()) > LAST_EPOCH
                - FEW_EPOCHS;
    }

    /** Somebody begins to take over. */
    void takeOverBegins(String name) {
        for (Client client : clients) {
            if (client.name().equals(name)) {
                client.doubt();
                if (client.txn != null) {
                    client.txn.mayAbort = true;
                }
            }
        }
    }

    // ---- transactions

    void begun(Client client, long nowMs, int timeoutMs) {
        client.txn = new Txn(transactions.size() + 1, client, nowMs, timeoutMs);
        transactions.add(client.txn);
        client.phase = Client.Phase.ONGOING;
        unfinished.add(client.txn);
    }

    /** What its owner is told is true: T1, and its markers stand already. */
    void told(Client client, Txn.Fate fate) {
        client.txn.end(fate, "an answer");
        client.phase = fate == Txn.Fate.COMMITTED ? Client.Phase.COMMITTED : Client.Phase.ABORTED;
        for (PartitionAudit branch : client.txn.branches()) {
            require(!branch.isOpen(client.txn), "T1", () -> client.txn + " was answered as " + fate
                    + " before its marker stands in " + branch.id());
        }
    }

    /** T8: a sweep at this time fences the owners of all that is overdue. Returns how many were not before. */
    int sweep(long nowMs) {
        int fresh = 0;
        for (Txn txn : unfinished) {
            Client owner = txn.owner();
            if (owner.txn == txn && owner.isInTransaction() && !owner.gone && txn.isOverdue(nowMs)) {
                fresh += txn.timesOut() ? 1 : 0;
                if (owner.phase == Client.Phase.ONGOING && owner.standing == Client.Standing.CURRENT) {
                    owner.fence();
                } else {
                    owner.doubt();
                }
            }
        }
        return fresh;
    }

    /** T8: where nothing waits for a disk, what is overdue has ended right after the sweep. */
    void swept(long nowMs, boolean atOnce) {
        if (atOnce) {
            require(unfinished.stream().filter(txn -> txn.isOverdue(nowMs)).allMatch(this::isMarked), "T8",
                    () -> "open after its timeout and a sweep: " + unfinished);
        }
        unfinished.removeIf(txn -> txn.fate() != Txn.Fate.UNKNOWN && isMarked(txn));
    }

    private boolean isMarked(Txn txn) {
        return txn.branches().stream().noneMatch(branch -> branch.isOpen(txn));
    }

    /** T8: nothing is open any more. */
    void requireAllEnded() {
        for (Txn txn : unfinished) {
            require(isMarked(txn), "T8", () -> txn + " never ends");
        }
    }

    /** T1: of so many the end was seen, in a log or in an answer. */
    long ended() {
        return transactions.stream().filter(txn -> txn.fate() != Txn.Fate.UNKNOWN).count();
    }

    // ---- crashes

    /** The process died: whatever was open and not decided must be aborted. */
    void died(LongPredicate isBuried) {
        lifetimes.died(isBuried);
        for (Client client : clients) {
            if (client.txn != null) {
                client.txn.mayAbort = true;
            }
            if (client.isTransactional()) {
                client.gone = true;
                // Fenced by a time-out that never reached the journal it is not, after all.
                client.standing = isReplaced(client) ? Client.Standing.FENCED : Client.Standing.UNSURE;
            }
        }
    }

    private boolean isReplaced(Client client) {
        return highestEpochs.get(client.producerId()) > client.epoch() || isRetired(client) || lifetimes.isDead(client
                .producerId());
    }

    /** T1: who lost something was not committed, in no partition. */
    void requireUncommitted(List<Txn> losers) {
        for (Txn txn : losers) {
            require(txn.fate() != Txn.Fate.COMMITTED, "T1", () -> txn + " is committed, and a part of it is gone");
        }
    }

    /** Between two openings {@code branches} may have shrunk. */
    void forgetBranches() {
        unfinished.forEach(txn -> txn.branches().clear());
    }

    /** Whether anything that it wrote is left. */
    boolean isRemembered(Client client) {
        return partitions.values().stream().anyMatch(partition -> partition.holds(client.producerId()));
    }
}
