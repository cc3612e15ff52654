package io.semel.verify.history;

import java.util.Arrays;

/**
 * The strongly connected components of a graph, by Tarjan's walk: two nodes are of one component if each can be reached
 * from the other. Takes time in proportion to nodes and edges, and no stack of calls.
 *
 * <p>Thread rule: one thread.
 */
final class Components {
    private final Graph graph;
    private final int kinds;
    private final int[] order;
    private final int[] lowest;
    private final int[] component;
    private final int[] path;
    private final int[] resumeAt;
    private final int[] pending;
    private int visited;
    private int pendingCount;
    private int count;

    private Components(Graph graph, int kinds) {
        this.graph = graph;
        this.kinds = kinds;
        int nodes = graph.nodeCount();
        order = filled(nodes);
        lowest = new int[nodes];
        component = filled(nodes);
        path = new int[nodes];
        resumeAt = new int[nodes];
        pending = new int[nodes];
    }

    private static int[] filled(int length) {
        int[] array = new int[length];
        Arrays.fill(array, Graph.NONE);
        return array;
    }

    /** @param kinds of edges that count */
    static Components of(Graph graph, int kinds) {
        Components components = new Components(graph, kinds);
        for (int node = 0; node < graph.nodeCount(); node++) {
            if (components.order[node] == Graph.NONE) {
                components.walkFrom(node);
            }
        }
        return components;
    }

    int of(int node) {
        return component[node];
    }

    int count() {
        return count;
    }

    boolean isInside(int edge) {
        return graph.isOf(edge, kinds) && component[graph.tail(edge)] == component[graph.head(edge)];
    }

    private void walkFrom(int root) {
        int depth = 0;
        enter(root, depth);
        while (depth >= 0) {
            int node = path[depth];
            int child = nextUnvisited(node);
            if (child != Graph.NONE) {
                enter(child, ++depth);
                continue;
            }
            if (lowest[node] == order[node]) {
                close(node);
            }
            depth--;
            if (depth >= 0) {
                lowest[path[depth]] = Math.min(lowest[path[depth]], lowest[node]);
            }
        }
    }

    private void enter(int node, int depth) {
        path[depth] = node;
        order[node] = visited;
        lowest[node] = visited++;
        resumeAt[node] = graph.firstOf(node);
        pending[pendingCount++] = node;
    }

    private int nextUnvisited(int node) {
        while (resumeAt[node] < graph.endOf(node)) {
            int edge = graph.edgeAt(resumeAt[node]++);
            if (!graph.isOf(edge, kinds)) {
                continue;
            }
            int head = graph.head(edge);
            if (order[head] == Graph.NONE) {
                return head;
            }
            if (component[head] == Graph.NONE) {
                lowest[node] = Math.min(lowest[node], order[head]);
            }
        }
        return Graph.NONE;
    }

    private void close(int root) {
        int node;
        do {
            node = pending[--pendingCount];
            component[node] = count;
        } while (node != root);
        count++;
    }
}
