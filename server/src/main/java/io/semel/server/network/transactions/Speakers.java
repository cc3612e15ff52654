package io.semel.server.network.transactions;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.semel.server.network.request.Peer;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionCoordinator;

/**
 * On which connection the producer of a transactional id speaks to its coordinator, for what no epoch tells apart: a
 * first InitProducerId names none, and by the older rules one epoch goes on from one transaction to the next. A producer
 * that lost its connection opens another and says again what was not answered. What the old connection still has must
 * come to nothing then: an EndTxn would end the next transaction, an InitProducerId would fence who has got its answer.
 *
 * <p>Invariant (T7): such a step is taken on the newest of its connections only, and never once a newer one has taken
 * one. By the newer rules epochs tell, so they need not come here. Whoever is fenced is told so wherever it speaks, and
 * does not count: else a zombie that comes back would cut the connection of its successor.
 *
 * <p>Thread rule: any thread; a step holds the others of its id up, and must not wait.
 */
final class Speakers {
    /** Past this, those are forgotten whose id the coordinator does not know. */
    private static final int MAX_SPEAKERS = 2 * TransactionCoordinator.MAX_TRANSACTIONAL_IDS;

    private final Map<Key, Speaker> byId = new ConcurrentHashMap<>();
    private final Predicate<String> isKnown;

    /** A producer has a connection to each node that it speaks to. */
    private record Key(int node, String transactionalId) {
    }

    /** Under its own monitor. */
    private static final class Speaker {
        /** Null before the first. */
        private Peer newest;

        void requireNewest(String transactionalId, Peer peer) {
            if (newest != null && newest.number() > peer.number()) {
                throw new SupersededException(transactionalId);
            }
        }
    }

    Speakers(Predicate<String> isKnown) {
        this.isKnown = isKnown;
    }

    /**
     * A step of an InitProducerId that does not say whom it replaces.
     *
     * @throws SupersededException when a newer connection to the same node has spoken for the id
     */
    Progress first(String transactionalId, Peer peer, Supplier<Progress> step) {
        Speaker speaker = speaker(transactionalId, peer);
        synchronized (speaker) {
            speaker.requireNewest(transactionalId, peer);
            Progress progress = step.get();
            if (progress != Progress.FENCED) {
                speaker.newest = peer;
            }
            return progress;
        }
    }

    /**
     * A step of an instance that says who it is.
     *
     * @param isNewest whether no other instance has come since
     * @throws SupersededException when it is the newest, and has spoken on a newer connection to the same node
     */
    Progress next(String transactionalId, Peer peer, BooleanSupplier isNewest, Supplier<Progress> step) {
        if (!isNewest.getAsBoolean()) {
            // Nothing is remembered of who only guesses.
            return step.get();
        }
        Speaker speaker = speaker(transactionalId, peer);
        synchronized (speaker) {
            if (!isNewest.getAsBoolean()) {
                return step.get();
            }
            speaker.requireNewest(transactionalId, peer);
            Peer before = speaker.newest;
            if (before != null && before != peer) {
                before.supersede();
            }
            speaker.newest = peer;
            return step.get();
        }
    }

    private Speaker speaker(String transactionalId, Peer peer) {
        if (byId.size() >= MAX_SPEAKERS) {
            byId.keySet().removeIf(key -> !isKnown.test(key.transactionalId));
        }
        return byId.computeIfAbsent(new Key(peer.node().id(), transactionalId), unused -> new Speaker());
    }
}
