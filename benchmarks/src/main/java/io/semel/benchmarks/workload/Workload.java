package io.semel.benchmarks.workload;

import java.nio.file.Path;
import java.util.Map;

/** Something to measure. It prepares outside of the clock, runs inside of it, and checks the outcome outside again. */
@FunctionalInterface
public interface Workload {
    /** What a workload that only counts operations answers. */
    Map<String, Long> NO_FIGURES = Map.of();

    /** Loops are compiled per chunk of records, as in a program that works as its data comes. */
    int CHUNK = 1_000;

    /**
     * Runs once.
     *
     * @param directory  empty, and deleted by the caller afterwards
     * @param operations records to append or read, or transactions to commit
     * @param stopwatch  started and stopped once, or once for each of several parts of the operations
     * @return further figures by name, with the unit at the end of the name
     * @throws IllegalStateException when the outcome is not what was asked for: then the time says nothing
     */
    Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception;
}
