package io.semel.benchmarks.workload.copy;

import io.semel.benchmarks.workload.Pace;

/** Copies records from one topic into another, a fixed number a commit. Thread rule: one thread. */
interface CopyLoop extends AutoCloseable {
    /**
     * Copies the next {@code units} commits' worth of records. The pace is asked before each and told after each, when
     * its output and its offset are as safe as the semantics make them.
     */
    void copy(long units, Pace pace) throws Exception;

    /** After the last unit: waits until all output is as safe as it will be. */
    void finish() throws Exception;

    @Override
    void close();
}
