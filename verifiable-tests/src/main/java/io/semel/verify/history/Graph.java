package io.semel.verify.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.agrona.collections.IntArrayList;

/**
 * Who depends on whom: nodes are numbers, edges are of two kinds and carry what shows them.
 *
 * <p>Thread rule: one thread. Edges first, then {@link #seal}, then questions.
 */
final class Graph {
    /** The later one wrote behind the earlier one. */
    static final int WRITE_WRITE = 1;

    /** The later one polled what the earlier one wrote. */
    static final int WRITE_READ = 2;

    static final int NONE = -1;

    private final IntArrayList tails = new IntArrayList();
    private final IntArrayList heads = new IntArrayList();
    private final IntArrayList kinds = new IntArrayList();
    private final List<Witness> earlier = new ArrayList<>();
    private final List<Witness> later = new ArrayList<>();
    private int nodeCount;

    /** Edges by their tail: those of node n are {@code byTail[firstOf[n]]} to {@code byTail[firstOf[n + 1] - 1]}. */
    private int[] firstOf;
    private int[] byTail;

    int addNode() {
        return nodeCount++;
    }

    void addEdge(int tail, int head, int kind, Witness before, Witness after) {
        tails.addInt(tail);
        heads.addInt(head);
        kinds.addInt(kind);
        earlier.add(before);
        later.add(after);
    }

    void seal() {
        firstOf = new int[nodeCount + 1];
        for (int edge = 0; edge < tails.size(); edge++) {
            firstOf[tails.getInt(edge) + 1]++;
        }
        for (int node = 0; node < nodeCount; node++) {
            firstOf[node + 1] += firstOf[node];
        }
        int[] next = Arrays.copyOf(firstOf, nodeCount);
        byTail = new int[tails.size()];
        for (int edge = 0; edge < tails.size(); edge++) {
            byTail[next[tails.getInt(edge)]++] = edge;
        }
    }

    int nodeCount() {
        return nodeCount;
    }

    int edgeCount() {
        return tails.size();
    }

    int firstOf(int node) {
        return firstOf[node];
    }

    int endOf(int node) {
        return firstOf[node + 1];
    }

    int edgeAt(int index) {
        return byTail[index];
    }

    int tail(int edge) {
        return tails.getInt(edge);
    }

    int head(int edge) {
        return heads.getInt(edge);
    }

    boolean isOf(int edge, int kindsWanted) {
        return (kinds.getInt(edge) & kindsWanted) != 0;
    }

    Witness earlier(int edge) {
        return earlier.get(edge);
    }

    Witness later(int edge) {
        return later.get(edge);
    }
}
