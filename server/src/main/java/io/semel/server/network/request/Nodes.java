package io.semel.server.network.request;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The brokers that this process answers as. Each of them serves everything: who leads a partition and who coordinates a
 * group only spreads the clients' connections. Replicas are named so that clients which insist on them go on; there is
 * one copy of the data, whatever they say.
 *
 * @param all at least one, ascending by id
 */
public record Nodes(List<Node> all) {

    public Nodes {
        all = List.copyOf(all);
    }

    public Node controller() {
        return all.get(0);
    }

    public Node leaderOf(int partition) {
        return all.get(partition % all.size());
    }

    /** Of a group or a transactional id. */
    public Node coordinatorOf(String key) {
        return all.get(Math.floorMod(key.hashCode(), all.size()));
    }

    /** All of them, the leader first, as Kafka lists replicas. */
    public List<Integer> replicasOf(int partition) {
        int first = partition % all.size();
        return IntStream.range(0, all.size()).mapToObj(index -> all.get((first + index) % all.size())
                .id()).toList();
    }
}
