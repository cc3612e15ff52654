package io.semel.server.network;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.server.network.request.ServerSettings;

/**
 * Who may come in: so many connections in all, and so many of one address.
 *
 * <p>Thread rule: any thread.
 */
final class Admission {
    private static final Logger LOGGER = LoggerFactory.getLogger(Admission.class);

    /** Whoever is refused comes again at once: nobody wants to read of each. */
    private static final long SAY_EVERY_NS = TimeUnit.MINUTES.toNanos(1);

    private final int most;
    private final int mostOfAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicLong sayFromNs = new AtomicLong(System.nanoTime());
    private final AtomicLong unsaid = new AtomicLong();

    Admission(ServerSettings settings) {
        this.most = settings.maxConnections();
        this.mostOfAddress = settings.maxConnectionsOfAddress();
    }

    /** Whoever is let in leaves once. */
    boolean admits(InetAddress address) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            refused(address, "max.connections", most);
            return false;
        }
        if (byAddress.merge(address, 1, Integer::sum) > mostOfAddress) {
            leaves(address);
            refused(address, "max.connections.per.ip", mostOfAddress);
            return false;
        }
        return true;
    }

    void leaves(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }

    int open() {
        return open.get();
    }

    private void refused(InetAddress address, String limit, int value) {
        long nowNs = System.nanoTime();
        long fromNs = sayFromNs.get();
        if (nowNs - fromNs >= 0 && sayFromNs.compareAndSet(fromNs, nowNs + SAY_EVERY_NS)) {
            LOGGER.warn("connection of {} is refused: {}={} are open; raise it, or close some. {} others were refused"
                    + " since this was said last", address.getHostAddress(), limit, value, unsaid.getAndSet(0));
        } else {
            unsaid.incrementAndGet();
        }
    }
}
