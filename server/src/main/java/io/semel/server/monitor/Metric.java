package io.semel.server.monitor;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

import io.semel.server.network.metrics.LatencyHistogram;

/** One thing that is shown: a name as Kafka's beans have it, and where its value comes from. Immutable. */
sealed interface Metric {

    Name name();

    /** One sentence for who sees the name for the first time. */
    String help();

    /** What it is now; it may go up and down. */
    record Gauge(Name name, String help, LongSupplier value) implements Metric {
    }

    /** How much it came to since the server was opened; with its rates. */
    record Counter(Name name, String help, LongSupplier total, Rates rates) implements Metric {
        Counter(Name name, String help, LongSupplier total) {
            this(name, help, total, new Rates(total));
        }
    }

    /** How often, and how long it took. */
    record Timer(Name name, String help, LatencyHistogram histogram) implements Metric {
    }

    /**
     * A bean's name, taken apart.
     *
     * @param tags what tells it from its like, such as {@code request=Produce}
     */
    record Name(String domain, String type, String name, Map<String, String> tags) {
        private static final String PER_SECOND = "PerSec";
        private static final String MILLIS = "Ms";

        public Name {
            tags = Map.copyOf(tags);
        }

        static Name of(String domain, String type, String name) {
            return new Name(domain, type, name, Map.of());
        }

        /** As JMX writes it. */
        String object() {
            StringBuilder object = new StringBuilder(domain).append(":type=").append(type).append(",name=").append(
                    name);
            new TreeMap<>(tags).forEach((key, value) -> object.append(',').append(key).append('=').append(value));
            return object.toString();
        }

        /** As Prometheus writes it: small letters, and base units. */
        String family(Metric metric) {
            String plain = (domain + '_' + type + '_' + base()).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
            if (metric instanceof Counter) {
                return plain + "_total";
            }
            return metric instanceof Timer ? plain + "_seconds" : plain;
        }

        private String base() {
            if (name.endsWith(PER_SECOND)) {
                return name.substring(0, name.length() - PER_SECOND.length());
            }
            return name.endsWith(MILLIS) ? name.substring(0, name.length() - MILLIS.length()) : name;
        }
    }
}
