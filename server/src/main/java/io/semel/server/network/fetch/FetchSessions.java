package io.semel.server.network.fetch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.agrona.concurrent.EpochClock;

import io.semel.transactions.broker.Broker;

/**
 * The fetch sessions of all connections. A session that finds no slot is not opened: its client then names all
 * partitions in each request, as before there were sessions.
 *
 * <p>Thread rule: any thread, under this object's monitor; sessions are asked for their size within it.
 */
final class FetchSessions {
    /** Kafka's {@code max.incremental.fetch.session.cache.slots}. */
    static final int MAX_SESSIONS = 1_000;

    /** Kafka's {@code min.incremental.fetch.session.eviction.ms}: a session is safe for so long after its last use. */
    static final long SAFE_MS = 120_000;

    /** More partitions than there can be, twice: for those that are gone, or were never there. */
    static final int MAX_PARTITIONS = 2 * Broker.MAX_PARTITIONS;

    private final EpochClock clock;
    /** The one that was used last at the end. */
    private final LinkedHashMap<Integer, FetchSession> byId = new LinkedHashMap<>();

    FetchSessions(EpochClock clock) {
        this.clock = clock;
    }

    /** The session of that id, now in use; null when there is none. */
    synchronized FetchSession use(int id) {
        FetchSession session = byId.remove(id);
        if (session != null) {
            session.useAt(clock.time());
            byId.put(id, session);
        }
        return session;
    }

    synchronized void end(int id) {
        byId.remove(id);
    }

    /** Opens a session over these partitions; null when there is no slot for it. */
    synchronized FetchSession open(FetchSession.Naming naming, Map<WantedPartition.Key, WantedPartition> partitions,
            List<FetchedPartition> told) {
        if (partitions.isEmpty() || partitions.size() > MAX_PARTITIONS) {
            return null;
        }
        long nowMs = clock.time();
        if (byId.size() >= MAX_SESSIONS && !evict(partitions.size(), nowMs)) {
            return null;
        }
        FetchSession session = new FetchSession(freeId(), naming, nowMs, partitions);
        session.news(told, FetchSession.INITIAL_EPOCH);
        byId.put(session.id(), session);
        return session;
    }

    private int freeId() {
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (byId.containsKey(id));
        return id;
    }

    /** Kafka's rule: one that nobody used for long goes first, else the smallest old one that is smaller than the new. */
    private boolean evict(int newSize, long nowMs) {
        FetchSession oldest = byId.values().iterator().next();
        if (nowMs - oldest.usedMs() > SAFE_MS) {
            byId.remove(oldest.id());
            return true;
        }
        FetchSession smallest = null;
        int smallestSize = newSize;
        for (FetchSession each : byId.values()) {
            if (nowMs - each.createdMs() > SAFE_MS && each.size() < smallestSize) {
                smallest = each;
                smallestSize = each.size();
            }
        }
        if (smallest == null) {
            return false;
        }
        byId.remove(smallest.id());
        return true;
    }

    synchronized int count() {
        return byId.size();
    }
}
