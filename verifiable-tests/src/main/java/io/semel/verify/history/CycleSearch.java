package io.semel.verify.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Short ways through a component of a graph, breadth first. A node is met twice: on ways that took no edge of the
 * wanted kind yet, and on ways that did.
 *
 * <p>Thread rule: one thread.
 */
final class CycleSearch {
    private final Graph graph;
    private final Components components;

    /** By which edge a state was reached first; states are two to a node. */
    private final int[] reachedBy;
    private final boolean[] cameWanted;
    private final List<Integer> touched = new ArrayList<>();

    CycleSearch(Graph graph, Components components) {
        this.graph = graph;
        this.components = components;
        this.reachedBy = new int[2 * graph.nodeCount()];
        this.cameWanted = new boolean[2 * graph.nodeCount()];
        Arrays.fill(reachedBy, Graph.NONE);
    }

    /**
     * The shortest cycle that begins with {@code first}, stays in its component and has an edge of kind {@code wanted}
     * among those that follow; empty when there is none.
     */
    List<Integer> through(int first, int wanted) {
        int start = state(graph.head(first), false);
        int goal = state(graph.tail(first), true);
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        queue.add(start);
        boolean isFound = false;
        while (!queue.isEmpty() && !isFound) {
            int from = queue.remove();
            isFound = from == goal;
            if (!isFound) {
                spread(from, start, wanted, queue);
            }
        }
        List<Integer> cycle = isFound ? wayBack(first, start, goal) : List.of();
        touched.forEach(state -> reachedBy[state] = Graph.NONE);
        touched.clear();
        return cycle;
    }

    private static int state(int node, boolean sawWanted) {
        return 2 * node + (sawWanted ? 1 : 0);
    }

    private void spread(int from, int start, int wanted, ArrayDeque<Integer> queue) {
        int node = from / 2;
        boolean saw = (from & 1) == 1;
        for (int index = graph.firstOf(node); index < graph.endOf(node); index++) {
            int edge = graph.edgeAt(index);
            int to = state(graph.head(edge), saw || graph.isOf(edge, wanted));
            if (components.isInside(edge) && reachedBy[to] == Graph.NONE && to != start) {
                reachedBy[to] = edge;
                cameWanted[to] = saw;
                touched.add(to);
                queue.add(to);
            }
        }
    }

    private List<Integer> wayBack(int first, int start, int goal) {
        List<Integer> edges = new ArrayList<>();
        int state = goal;
        while (state != start) {
            int edge = reachedBy[state];
            edges.add(edge);
            state = state(graph.tail(edge), cameWanted[state]);
        }
        edges.add(first);
        Collections.reverse(edges);
        return edges;
    }
}
