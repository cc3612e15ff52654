package io.semel.server.network.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * What was asked of one API key, and what it took.
 *
 * <p>Thread rule: any thread.
 */
public final class ApiMetrics {
    private final LatencyHistogram latency = new LatencyHistogram();
    private final LongAdder requestBytes = new LongAdder();
    private final LongAdder responseBytes = new LongAdder();

    /** One request that was answered, from when it was begun until its answer was handed to the socket. */
    public void answered(long tookNs, long asked, long answered) {
        latency.add(tookNs);
        requestBytes.add(asked);
        responseBytes.add(answered);
    }

    public LatencyHistogram latency() {
        return latency;
    }

    public long requestBytes() {
        return requestBytes.sum();
    }

    public long responseBytes() {
        return responseBytes.sum();
    }
}
