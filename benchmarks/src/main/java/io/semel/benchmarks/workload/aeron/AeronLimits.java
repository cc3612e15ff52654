package io.semel.benchmarks.workload.aeron;

/** Numbers that all of Aeron's contenders share. Stateless. */
final class AeronLimits {
    static final String CHANNEL = "aeron:ipc";
    static final int STREAM_ID = 1001;

    /** As in Aeron's own samples. */
    static final int FRAGMENTS_A_POLL = 256;

    private AeronLimits() {
    }
}
