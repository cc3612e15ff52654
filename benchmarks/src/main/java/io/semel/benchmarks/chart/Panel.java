package io.semel.benchmarks.chart;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;

/**
 * Lines over two logarithmic axes, whose ends are powers of ten, as a piece of SVG. Immutable.
 *
 * @param title what the lines show
 * @param unit  writes a value of the vertical axis
 * @param lines by name: points from left to right, each x and y, both above 0
 */
record Panel(String title, DoubleFunction<String> unit, Map<String, List<double[]>> lines) {
    static final int WIDTH = 430;
    static final int HEIGHT = 330;

    private static final int LEFT = 70;
    private static final int RIGHT = 15;
    private static final int TOP = 35;
    private static final int BOTTOM = 45;

    /** Told apart by those who see few colours, and each line has a mark of its own beside. */
    private static final String[] COLOURS = {"#0072b2", "#009e73", "#d55e00", "#cc79a7"};
    private static final String[] DASHES = {"none", "8 3", "none", "3 3"};
    private static final int MARK_RADIUS = 4;

    static String colour(int line) {
        return COLOURS[line % COLOURS.length];
    }

    static String dash(int line) {
        return DASHES[line % DASHES.length];
    }

    /** @param left where in the picture the panel begins */
    String svg(int left, int top) {
        Axis x = Axis.over(lines.values().stream().flatMap(List::stream).mapToDouble(point -> point[0]).toArray());
        Axis y = Axis.over(lines.values().stream().flatMap(List::stream).mapToDouble(point -> point[1]).toArray());
        StringBuilder out = new StringBuilder();
        out.append(format("<g transform=\"translate(%d %d)\">%n", left, top));
        out.append(format("<text x=\"%d\" y=\"18\" class=\"title\">%s</text>%n", LEFT, title));
        for (int power = x.first(); power <= x.last(); power++) {
            double at = xOf(x, Math.pow(10, power));
            out.append(format("<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n", at, TOP, at,
                    HEIGHT
                            - BOTTOM));
            out.append(format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f</text>%n", at, HEIGHT - BOTTOM
                    + 18, Math.pow(10, power)));
        }
        for (int power = y.first(); power <= y.last(); power++) {
            double at = yOf(y, Math.pow(10, power));
            out.append(format("<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>%n", LEFT, at, WIDTH
                    - RIGHT, at));
            out.append(format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n", LEFT - 6, at + 4, unit.apply(
                    Math.pow(10, power))));
        }
        out.append(format("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">records a commit</text>%n", (LEFT + WIDTH
                - RIGHT) / 2, HEIGHT - BOTTOM + 36));
        int line = 0;
        for (List<double[]> points : lines.values()) {
            appendLine(out, line++, points, x, y);
        }
        return out.append("</g>\n").toString();
    }

    private static void appendLine(StringBuilder out, int line, List<double[]> points, Axis x, Axis y) {
        StringBuilder path = new StringBuilder();
        points.forEach(point -> path.append(format("%.1f,%.1f ", xOf(x, point[0]), yOf(y, point[1]))));
        out.append(format("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\" "
                + "points=\"%s\"/>%n", colour(line), dash(line), path.toString().strip()));
        points.forEach(point -> out.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\"/>%n", xOf(x,
                point[0]), yOf(y, point[1]), MARK_RADIUS, colour(line))));
    }

    private static double xOf(Axis axis, double value) {
        return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double yOf(Axis axis, double value) {
        return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern.replace("%n", "\n"), values);
    }

    /** From one power of ten to another, both exponents. */
    private record Axis(int first, int last) {
        static Axis over(double[] values) {
            double lowest = Double.MAX_VALUE;
            double highest = 0;
            for (double value : values) {
                if (value <= 0) {
                    throw new IllegalArgumentException("a value that has no logarithm: " + value);
                }
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
            }
            int first = (int) Math.floor(Math.log10(lowest));
            return new Axis(first, Math.max(first + 1, (int) Math.ceil(Math.log10(highest))));
        }

        double share(double value) {
            return (Math.log10(value) - first) / (last - first);
        }
    }
}
