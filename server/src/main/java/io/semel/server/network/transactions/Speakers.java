package io.semel.server.network.transactions;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * <p>Invariant (T7): a step for an id is taken on the newest of its connections only, and never once a newer one has
 * taken one. By the newer rules epochs tell, so this need not. Who is fenced already does not count as newer: else a
 * zombie that comes back would cut the connection of its successor.
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
        private Peer newest;
    }

    Speakers(Predicate<String> isKnown) {
        this.isKnown = isKnown;
    }

    /** @throws SupersededException when a newer connection of the same node has spoken for the id */
    Progress step(String transactionalId, Peer peer, Supplier<Progress> step) {
        if (byId.size() >= MAX_SPEAKERS) {
            byId.keySet().removeIf(key -> !isKnown.test(key.transactionalId));
        }
        Speaker speaker = byId.computeIfAbsent(new Key(peer.node().id(), transactionalId), unused -> new Speaker());
        synchronized (speaker) {
            Peer before = speaker.newest;
            if (before != null && before.number() > peer.number()) {
                throw new SupersededException(transactionalId);
            }
            Progress progress = step.get();
            if (progress != Progress.FENCED && before != peer) {
                speaker.newest = peer;
                if (before != null) {
                    before.supersede();
                }
            }
            return progress;
        }
    }
}
