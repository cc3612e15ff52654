package io.semel.benchmarks.workload;

/** When a producer appends what it was given. */
public enum Batching {
    /** When a batch has reached 16 KiB. */
    BY_SIZE,
    /** At once: every record is its own batch, readable before the next one is encoded. */
    NONE
}
