package io.semel.client.runtime;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * The metrics of one client by Kafka's names: those that mean the same without a network, each computed when it is
 * looked at.
 *
 * <p>Thread rule: any thread.
 */
public final class ClientMetrics {
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final Map<MetricName, Metric> all = new ConcurrentHashMap<>();
    private final Map<MetricName, Metric> view = Collections.unmodifiableMap(all);
    private final String clientId;

    public ClientMetrics(String clientId) {
        this.clientId = clientId;
    }

    private record Gauge(MetricName metricName, DoubleSupplier value) implements Metric {
        @Override
        public Object metricValue() {
            return value.getAsDouble();
        }
    }

    /** What this client shows; it follows what comes and goes. */
    public Map<MetricName, Metric> view() {
        return view;
    }

    /** Metrics of one of Kafka's groups, all with the tag {@code client-id}. */
    public Group group(String name) {
        return new Group(name, Map.of());
    }

    /** One of Kafka's groups of metrics; {@code tags} without the client's. */
    public final class Group {
        private final String name;
        private final Map<String, String> tags;

        private Group(String name, Map<String, String> tags) {
            this.name = name;
            this.tags = new HashMap<>(tags);
            this.tags.put("client-id", clientId);
        }

        /** The same group's metrics of something smaller, such as a partition. */
        public Group tagged(Map<String, String> more) {
            return new Group(name, more);
        }

        public Group gauge(String metric, String description, DoubleSupplier value) {
            MetricName metricName = new MetricName(metric, name, description, Map.copyOf(tags));
            all.put(metricName, new Gauge(metricName, value));
            return this;
        }

        /** {@code stem-total} and {@code stem-rate} of the amounts. */
        public Group amounts(String stem, String what, Meter meter) {
            return gauge(stem + "-total", "The total number of " + what, meter::total)
                    .gauge(stem + "-rate", "The number of " + what + " per second", meter::perSecond);
        }

        /** {@code stem-total} and {@code stem-rate} of how often there was an amount. */
        public Group times(String stem, String what, Meter meter) {
            return gauge(stem + "-total", "The total number of " + what, meter::times)
                    .gauge(stem + "-rate", "The number of " + what + " per second", meter::timesPerSecond);
        }

        /** {@code stem-avg} and {@code stem-max}. */
        public Group sizes(String stem, String what, Meter meter) {
            return gauge(stem + "-avg", "The average " + what, meter::average)
                    .gauge(stem + "-max", "The largest " + what, meter::max);
        }

        /** {@code stem-avg} and {@code stem-max} in milliseconds, of nanoseconds. */
        public Group latencies(String stem, String what, Meter nanos) {
            return gauge(stem + "-avg", "The average " + what + " in ms", () -> nanos.average() / NANOS_PER_MILLI)
                    .gauge(stem + "-max", "The longest " + what + " in ms", () -> nanos.max() / NANOS_PER_MILLI);
        }

        /** {@code stem-time-ns-total}: what the calls of a method took. */
        public Group callTime(String stem, String method, Meter nanos) {
            return gauge(stem + "-time-ns-total", "The total time of " + method + " in ns", nanos::total);
        }

        /** Takes back everything that was shown with just these tags. */
        public void remove() {
            all.keySet().removeIf(each -> each.group().equals(name) && each.tags().equals(tags));
        }
    }
}
