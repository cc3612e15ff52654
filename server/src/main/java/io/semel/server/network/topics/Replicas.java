package io.semel.server.network.topics;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.semel.server.network.request.Node;
import io.semel.server.network.request.Nodes;
import io.semel.server.network.request.Outcome;
import io.semel.wire.protocol.Errors;

/**
 * Judges how clients want partitions to be spread. What is possible is taken and changes nothing: there is one copy,
 * and every node serves it. Stateless.
 */
final class Replicas {
    /** In requests: as the server has it. */
    static final int DEFAULT = -1;

    private Replicas() {
    }

    static Outcome judgeFactor(int factor, Nodes nodes) {
        boolean isPossible = factor == DEFAULT || factor >= 1 && factor <= nodes.all().size();
        return isPossible
                ? Outcome.DONE
                : Outcome.refused(Errors.INVALID_REPLICATION_FACTOR, "replication factor out of range: given=" + factor
                        + " allowed=1.." + nodes.all().size() + ", or -1; there is one copy of the data, whatever it"
                        + " says, and as many nodes as the server was started with");
    }

    /** @param assignments of each partition its nodes, in order */
    static Outcome judge(List<List<Integer>> assignments, Nodes nodes) {
        Set<Integer> known = nodes.all().stream().map(Node::id).collect(Collectors.toSet());
        for (int partition = 0; partition < assignments.size(); partition++) {
            List<Integer> replicas = assignments.get(partition);
            boolean isPossible = !replicas.isEmpty() && known.containsAll(replicas) && new HashSet<>(replicas)
                    .size() == replicas.size() && replicas.size() == assignments.get(0).size();
            if (!isPossible) {
                return Outcome.refused(Errors.INVALID_REPLICA_ASSIGNMENT, "replicas not possible: partition="
                        + partition + " given=" + replicas + " nodes=" + known
                        + "; each of them at most once, and as many for every partition");
            }
        }
        return Outcome.DONE;
    }
}
