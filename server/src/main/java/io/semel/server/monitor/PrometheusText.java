package io.semel.server.monitor;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.semel.server.network.metrics.LatencyHistogram;

/** Writes metrics as Prometheus reads them (text format 0.0.4). Thread rule: one thread. */
final class PrometheusText {
    private final StringBuilder text = new StringBuilder();
    private final Set<String> begun = new LinkedHashSet<>();

    PrometheusText add(Metric metric) {
        String family = metric.name().family(metric);
        Map<String, String> tags = metric.name().tags();
        if (metric instanceof Metric.Gauge gauge) {
            sample(family, "gauge", metric.help(), tags, gauge.value().getAsLong());
        } else if (metric instanceof Metric.Counter counter) {
            sample(family, "counter", metric.help(), tags, counter.total().getAsLong());
        } else if (metric instanceof Metric.Timer timer) {
            histogram(family, metric.help(), tags, timer.histogram());
        }
        return this;
    }

    /** Samples of one family must follow each other. */
    PrometheusText sample(String family, String type, String help, Map<String, String> tags, long value) {
        begin(family, type, help);
        line(family, tags, Long.toString(value));
        return this;
    }

    private void begin(String family, String type, String help) {
        if (begun.add(family)) {
            text.append("# HELP ").append(family).append(' ').append(help.replace("\\", "\\\\").replace("\n", "\\n"))
                    .append('\n');
            text.append("# TYPE ").append(family).append(' ').append(type).append('\n');
        }
    }

    private void histogram(String family, String help, Map<String, String> tags, LatencyHistogram histogram) {
        begin(family, "histogram", help);
        long below = 0;
        for (int bucket = 0; bucket < LatencyHistogram.buckets(); bucket++) {
            below += histogram.count(bucket);
            double bound = LatencyHistogram.upperBoundSeconds(bucket);
            Map<String, String> more = new TreeMap<>(tags);
            more.put("le", Double.isInfinite(bound) ? "+Inf" : String.format(Locale.ROOT, "%.6f", bound));
            line(family + "_bucket", more, Long.toString(below));
        }
        line(family + "_sum", tags, String.format(Locale.ROOT, "%.9f", histogram.totalSeconds()));
        line(family + "_count", tags, Long.toString(below));
    }

    private void line(String name, Map<String, String> tags, String value) {
        text.append(name);
        char before = '{';
        for (Map.Entry<String, String> tag : new TreeMap<>(tags).entrySet()) {
            text.append(before).append(tag.getKey()).append("=\"").append(escaped(tag.getValue())).append('"');
            before = ',';
        }
        if (!tags.isEmpty()) {
            text.append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
