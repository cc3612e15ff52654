package io.semel.verify.history;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Cycles of dependencies between transactions (and sends outside of any): of writes only, of reads only, of both. Of
 * each group of transactions that all depend on each other, one short cycle is told.
 *
 * <p>Thread rule: one thread.
 */
final class CycleCheck {
    /**
     * Beginnings that are tried for a short cycle, in each component: the shortest of all would take a square of time.
     */
    private static final int BEGINNINGS = 32;

    private final Timeline timeline;
    private final Findings findings;
    private final Graph graph = new Graph();

    CycleCheck(Timeline timeline, Findings findings) {
        this.timeline = timeline;
        this.findings = findings;
    }

    void run() {
        timeline.logs().forEach(this::addWriteOrder);
        timeline.reads().forEach(this::addReadFrom);
        graph.seal();
        find(Anomaly.G0, Graph.WRITE_WRITE, Graph.WRITE_WRITE, Graph.WRITE_WRITE);
        find(Anomaly.G1C, Graph.WRITE_READ, Graph.WRITE_READ, Graph.WRITE_READ);
        find(Anomaly.G1C_WITH_WRITES, Graph.WRITE_WRITE | Graph.WRITE_READ, Graph.WRITE_READ, Graph.WRITE_WRITE);
    }

    private int node(Operation operation) {
        if (operation.node == Operation.NO_NODE) {
            operation.node = graph.addNode();
        }
        return operation.node;
    }

    private void addWriteOrder(PartitionLog log) {
        Write before = null;
        for (Slot slot : log.visible()) {
            Write write = slot.writer;
            if (write == null || write.isDead()) {
                continue;
            }
            if (before != null && before.operation() != write.operation()) {
                graph.addEdge(node(before.operation()), node(write.operation()), Graph.WRITE_WRITE, before, write);
            }
            before = write;
        }
    }

    /** What wrote nothing, or nothing that stayed, nobody depends on. */
    private void addReadFrom(Read read) {
        Write writer = read.writer();
        Operation reader = read.operation();
        if (writer != null && !writer.isDead() && writer.operation() != reader && reader.isTransaction()
                && reader.hasWrites() && !reader.isAborted()) {
            graph.addEdge(node(writer.operation()), node(reader), Graph.WRITE_READ, writer, read);
        }
    }

    /**
     * @param kinds  of the edges of a cycle
     * @param first  the kind of its first edge
     * @param wanted a kind that must be among the others
     */
    private void find(Anomaly anomaly, int kinds, int first, int wanted) {
        Components components = Components.of(graph, kinds);
        if (components.count() == graph.nodeCount()) {
            return;
        }
        CycleSearch search = new CycleSearch(graph, components);
        int[] tried = new int[components.count()];
        List<List<Integer>> shortest = new ArrayList<>(components.count());
        for (int component = 0; component < components.count(); component++) {
            shortest.add(List.of());
        }
        for (int edge = 0; edge < graph.edgeCount(); edge++) {
            int component = components.of(graph.tail(edge));
            if (components.isInside(edge) && graph.isOf(edge, first) && tried[component]++ < BEGINNINGS) {
                List<Integer> cycle = search.through(edge, wanted);
                List<Integer> before = shortest.get(component);
                if (!cycle.isEmpty() && (before.isEmpty() || cycle.size() < before.size())) {
                    shortest.set(component, cycle);
                }
            }
        }
        shortest.stream().filter(cycle -> !cycle.isEmpty()).forEach(cycle -> tell(anomaly, cycle));
    }

    private void tell(Anomaly anomaly, List<Integer> cycle) {
        List<Witness> witnesses = new ArrayList<>();
        List<String> where = new ArrayList<>();
        for (int edge : cycle) {
            witnesses.add(graph.earlier(edge));
            witnesses.add(graph.later(edge));
            where.add(((Write) graph.earlier(edge)).log().name());
        }
        findings.add(anomaly, where.stream().distinct().collect(Collectors.joining(", ")), witnesses.toArray(
                Witness[]::new));
    }
}
