package io.semel.server.network;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.semel.server.network.metrics.NetworkMetrics;
import io.semel.server.network.request.ServerSettings;

/**
 * Looks at one event loop's connections every now and then, and ends those that hold room and do nothing with it: idle
 * ones, and clients that stop in the middle of a request or of an answer. A peer that is gone without a word is one of
 * them. One timer for all: a connection that is idle costs nothing in between.
 *
 * <p>Thread rule: its event loop.
 */
final class ConnectionWatch {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionWatch.class);

    /** A limit is overrun by a tenth, or a second, at most. */
    private static final int LOOKS_PER_LIMIT = 10;
    private static final long LONGEST_PAUSE_MS = 1_000;
    private static final long SHORTEST_PAUSE_MS = 10;

    private final long maxIdleNs;
    private final long stalledNs;
    private final NetworkMetrics metrics;
    private final Map<Connection, Outflow> watched = new HashMap<>();

    /** How far an answer had come when it was looked at last, and since when it is there. */
    private static final class Outflow {
        private long pendingBytes;
        private long progressBytes;
        private long sinceNs;
    }

    private ConnectionWatch(ServerSettings settings, NetworkMetrics metrics) {
        this.maxIdleNs = TimeUnit.MILLISECONDS.toNanos(settings.maxIdle().toMillis());
        this.stalledNs = settings.stalledPeer().toNanos();
        this.metrics = metrics;
    }

    static ConnectionWatch start(EventLoop loop, ServerSettings settings, NetworkMetrics metrics) {
        ConnectionWatch watch = new ConnectionWatch(settings, metrics);
        long shortestMs = Math.min(settings.maxIdle().toMillis(), settings.stalledPeer().toMillis());
        long pauseMs = Math.max(SHORTEST_PAUSE_MS, Math.min(LONGEST_PAUSE_MS, shortestMs / LOOKS_PER_LIMIT));
        loop.scheduleWithFixedDelay(watch::look, pauseMs, pauseMs, TimeUnit.MILLISECONDS);
        return watch;
    }

    void add(Connection connection) {
        watched.put(connection, new Outflow());
    }

    private void look() {
        long nowNs = System.nanoTime();
        Iterator<Map.Entry<Connection, Outflow>> each = watched.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Connection, Outflow> entry = each.next();
            if (!entry.getKey().channel().isActive() || isOver(entry.getKey(), entry.getValue(), nowNs)) {
                each.remove();
            }
        }
    }

    private boolean isOver(Connection connection, Outflow outflow, long nowNs) {
        boolean isSending = isSending(connection, outflow, nowNs);
        if (isSending && nowNs - outflow.sinceNs >= stalledNs) {
            return cutOff(connection, "takes nothing of its answer");
        }
        if (connection.waitsForRest() && nowNs - connection.readNs() >= stalledNs) {
            return cutOff(connection, "stopped within a request");
        }
        if (!isSending && connection.isIdle() && nowNs - connection.activeNs() >= maxIdleNs) {
            LOGGER.debug("{} was idle and is closed", connection);
            metrics.connectionIdle();
            connection.channel().close();
            return true;
        }
        return false;
    }

    private boolean isSending(Connection connection, Outflow outflow, long nowNs) {
        ChannelOutboundBuffer buffer = connection.channel().unsafe().outboundBuffer();
        long pendingBytes = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        long progressBytes = buffer == null ? 0 : buffer.currentProgress();
        if (pendingBytes != outflow.pendingBytes || progressBytes != outflow.progressBytes || pendingBytes == 0) {
            outflow.pendingBytes = pendingBytes;
            outflow.progressBytes = progressBytes;
            outflow.sinceNs = nowNs;
        }
        return pendingBytes > 0;
    }

    private boolean cutOff(Connection connection, String why) {
        LOGGER.info("{} {} for {} ms and is closed", connection, why, TimeUnit.NANOSECONDS.toMillis(stalledNs));
        metrics.connectionStalled();
        connection.channel().close();
        return true;
    }
}
