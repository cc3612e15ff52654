package io.semel.server.network.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.semel.wire.protocol.ApiKeys;

/**
 * What one server's network did since it was opened.
 *
 * <p>Thread rule: any thread.
 */
public final class NetworkMetrics {
    private final Map<ApiKeys, ApiMetrics> apis = new EnumMap<>(ApiKeys.class);
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder idle = new LongAdder();
    private final LongAdder stalled = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder paused = new LongAdder();

    public NetworkMetrics() {
        for (ApiKeys key : ApiKeys.values()) {
            apis.put(key, new ApiMetrics());
        }
    }

    public ApiMetrics of(ApiKeys key) {
        return apis.get(key);
    }

    public void connectionAccepted() {
        accepted.increment();
    }

    /** Above {@code max.connections} or {@code max.connections.per.ip}. */
    public void connectionRefused() {
        refused.increment();
    }

    public void connectionIdle() {
        idle.increment();
    }

    /** It took nothing of its answer, or stopped within a request. */
    public void connectionStalled() {
        stalled.increment();
    }

    /** Bytes that mean nothing, or a bug of ours. */
    public void connectionFailed() {
        failed.increment();
    }

    /** Nothing was read for a while, because too much was read and not answered. */
    public void readingPaused() {
        paused.increment();
    }

    public long connectionsAccepted() {
        return accepted.sum();
    }

    public long connectionsRefused() {
        return refused.sum();
    }

    public long connectionsIdle() {
        return idle.sum();
    }

    public long connectionsStalled() {
        return stalled.sum();
    }

    public long connectionsFailed() {
        return failed.sum();
    }

    public long readingsPaused() {
        return paused.sum();
    }
}
