package io.semel.server.network.produce;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import io.semel.transactions.partition.Partition;

/**
 * The batches of one connection that could not be appended yet, in their order. There is none while there is nothing
 * to wait for.
 *
 * <p>Invariant: no batch overtakes another of its partition that came before it on the connection (I2).
 *
 * <p>Thread rule: the connection's event loop.
 */
final class Backlog {
    private final ArrayDeque<PartitionAppend> waiting = new ArrayDeque<>();

    boolean holds(Partition partition) {
        for (PartitionAppend append : waiting) {
            if (append.partition() == partition) {
                return true;
            }
        }
        return false;
    }

    void add(PartitionAppend append) {
        waiting.add(append);
        append.request().postpone();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Tries each once, but for those behind one that waits on. */
    void retry() {
        Set<Partition> held = Collections.newSetFromMap(new IdentityHashMap<>());
        List<PartitionAppend> decided = new ArrayList<>();
        waiting.removeIf(append -> {
            if (held.contains(append.partition()) || !append.tryAppend()) {
                held.add(append.partition());
                return false;
            }
            decided.add(append);
            return true;
        });
        // Only now: an answer lets the connection begin its next request, whose batches go behind all that wait here.
        decided.forEach(append -> append.request().decided());
    }
}
