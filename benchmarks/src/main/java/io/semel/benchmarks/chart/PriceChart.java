package io.semel.benchmarks.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.semel.benchmarks.paired.Claim;
import io.semel.benchmarks.paired.Contender;
import io.semel.benchmarks.workload.copy.PriceOfSemantics;

/**
 * The price of each semantics in one picture: throughput on the left, p99 on the right, both by records a commit.
 * Stateless.
 */
public final class PriceChart {
    private static final int LEGEND_LINE_HEIGHT = 20;
    private static final int LEGEND_LEFT = 70;
    private static final int LEGEND_MARK = 30;
    private static final int MARGIN = 12;

    private static final String[] TIME_UNITS = {"ns", "us", "ms", "s"};
    private static final double NEXT_UNIT = 1_000;

    private PriceChart() {
    }

    /**
     * @param results what a run of the claim {@link Claim#PRICE} wrote, as text
     * @return the picture, as text
     * @throws IllegalArgumentException when they are no results, or hold none of that claim
     */
    public static String of(String results) {
        Map<?, ?> all = map(JsonReader.read(results));
        Map<String, List<double[]>> throughput = new LinkedHashMap<>();
        Map<String, List<double[]>> latency = new LinkedHashMap<>();
        for (Contender contender : Claim.PRICE.contenders()) {
            List<Map<?, ?>> samples = samplesOf(all, contender.id());
            if (!samples.isEmpty()) {
                throughput.put(contender.title(), line(samples, "recordsPerSecond"));
                latency.put(contender.title(), line(samples, "p99Ns"));
            }
        }
        if (throughput.isEmpty()) {
            throw new IllegalArgumentException("no contender of the claim " + Claim.PRICE + " was measured");
        }
        return picture(new Panel("records per second", PriceChart::count, throughput),
                new Panel("p99 from when a commit's worth was to begin, at half of that", PriceChart::time, latency));
    }

    private static Map<?, ?> map(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("these are no results");
    }

    private static List<Map<?, ?>> samplesOf(Map<?, ?> results, String contenderId) {
        List<Map<?, ?>> samples = new ArrayList<>();
        for (Object each : list(results.get("contenders"))) {
            Map<?, ?> contender = map(each);
            if (contenderId.equals(contender.get("id"))) {
                list(contender.get("samples")).forEach(sample -> samples.add(map(sample)));
            }
        }
        return samples;
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("these are no results");
    }

    /** For each size the median of the rounds. */
    private static List<double[]> line(List<Map<?, ?>> samples, String figure) {
        List<double[]> points = new ArrayList<>();
        for (int size : PriceOfSemantics.SIZES) {
            String name = PriceOfSemantics.figure(figure, size);
            double[] rounds = samples.stream().mapToDouble(sample -> number(sample, name)).sorted().toArray();
            points.add(new double[] {size, (rounds[(rounds.length - 1) / 2] + rounds[rounds.length / 2]) / 2});
        }
        return points;
    }

    private static double number(Map<?, ?> sample, String name) {
        if (sample.get(name) instanceof Double number) {
            return number;
        }
        throw new IllegalArgumentException("a sample has no " + name);
    }

    private static String picture(Panel... panels) {
        List<String> names = List.copyOf(panels[0].lines().keySet());
        int width = panels.length * Panel.WIDTH + 2 * MARGIN;
        int height = Panel.HEIGHT + names.size() * LEGEND_LINE_HEIGHT + 2 * MARGIN;
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
                        + "<title>The price of each semantics</title>\n"
                        + "<style>text{font:12px sans-serif;fill:#333}.title{font-weight:bold;font-size:13px}"
                        + ".grid{stroke:#ddd}</style>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
                width, height, width, height, width, height));
        for (int i = 0; i < panels.length; i++) {
            out.append(panels[i].svg(MARGIN + i * Panel.WIDTH, MARGIN));
        }
        for (int line = 0; line < names.size(); line++) {
            int y = MARGIN + Panel.HEIGHT + LEGEND_LINE_HEIGHT * line + LEGEND_LINE_HEIGHT / 2;
            out.append(String.format(Locale.ROOT, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" "
                    + "stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n<text x=\"%d\" y=\"%d\">%s</text>\n", LEGEND_LEFT,
                    y, LEGEND_LEFT + LEGEND_MARK, y, Panel.colour(line), Panel.dash(line), LEGEND_LEFT + LEGEND_MARK
                            + 8, y + 4, names.get(line)));
        }
        return out.append("</svg>\n").toString();
    }

    private static String count(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String time(double valueNs) {
        double value = valueNs;
        int unit = 0;
        while (value >= NEXT_UNIT && unit < TIME_UNITS.length - 1) {
            value /= NEXT_UNIT;
            unit++;
        }
        return String.format(Locale.ROOT, "%.0f %s", value, TIME_UNITS[unit]);
    }
}
