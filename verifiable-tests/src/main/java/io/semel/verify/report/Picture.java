package io.semel.verify.report;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.semel.verify.report.Lane.Mark;
import io.semel.verify.report.Lane.Span;

/**
 * The time line: a lane for each program, its life a thin bar, its transactions on it, kills across all of them.
 * However long the run, no lane has more shapes than the picture has columns.
 *
 * <pre>
 *             0 s        1 s        2 s
 *   producer  ──█─██──█───┆──█──█──
 *   copier    ───█──▒──█──┆────◆─█─      ┆ kill  ◆ rebalance
 * </pre>
 *
 * <p>Thread rule: one thread.
 */
final class Picture {
    private static final int WIDTH = 1200;
    private static final int LANE_HEIGHT = 26;
    private static final int TOP = 28;
    private static final int BAR_HEIGHT = 14;
    private static final int LIFE_HEIGHT = 4;
    private static final int MARK_RADIUS = 5;
    private static final int LETTER_WIDTH = 8;
    private static final int LEAST_LEFT = 60;
    /** Of a lane: more would stand on each other, and all say the same. */
    private static final int MOST_MARKS = 300;
    /** A second, or so many of them that there are no more lines than a person counts. */
    private static final int[] TICKS_MS = {100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000,
        3_600_000};
    private static final int MOST_TICKS = 14;
    private static final double MS_PER_SECOND = 1_000;

    private final Markup out;
    private final Report report;
    private final int left;
    private final long startMs;
    private final long lengthMs;

    private Picture(Markup out, Report report) {
        this.out = out;
        this.report = report;
        this.left = Math.max(LEAST_LEFT, LETTER_WIDTH * report.lanes().stream().mapToInt(lane -> lane.program()
                .length()).max().orElse(0));
        this.startMs = times(report).min(Long::compare).orElse(0L);
        this.lengthMs = Math.max(1, times(report).max(Long::compare).orElse(0L) - startMs);
    }

    static void draw(Markup out, Report report) {
        new Picture(out, report).draw();
    }

    private static Stream<Long> times(Report report) {
        Stream<Long> spans = report.lanes().stream().flatMap(lane -> lane.spans().stream()).flatMap(span -> Stream.of(
                span.fromMs(), span.toMs()));
        return Stream.concat(spans, report.killsMs().stream());
    }

    private void draw() {
        List<Lane> lanes = report.lanes();
        int height = TOP + lanes.size() * LANE_HEIGHT + BAR_HEIGHT;
        out.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 " + WIDTH + ' ' + height, "role", "img",
                "aria-label", "what each program did when");
        drawTicks(height);
        for (int index = 0; index < lanes.size(); index++) {
            drawLane(lanes.get(index), TOP + index * LANE_HEIGHT + LANE_HEIGHT / 2);
        }
        for (int kill = 0; kill < report.killsMs().size(); kill++) {
            int x = x(report.killsMs().get(kill));
            out.open("line", "class", "kill", "x1", x, "x2", x, "y1", TOP / 2, "y2", height).element("title",
                    "kill -9, number " + (kill + 1) + ", " + seconds(report.killsMs().get(kill))).close();
        }
        out.close();
    }

    private void drawTicks(int height) {
        long stepMs = TICKS_MS[TICKS_MS.length - 1];
        for (int index = TICKS_MS.length - 1; index >= 0 && lengthMs / TICKS_MS[index] < MOST_TICKS; index--) {
            stepMs = TICKS_MS[index];
        }
        for (long atMs = 0; atMs <= lengthMs; atMs += stepMs) {
            int x = x(startMs + atMs);
            out.empty("line", "class", "tick", "x1", x, "x2", x, "y1", TOP / 2, "y2", height);
            String time = String.format(Locale.ROOT, stepMs < MS_PER_SECOND ? "%.1f s" : "%.0f s", atMs
                    / MS_PER_SECOND);
            out.element("text", time, "class", "time", "x", x, "y", TOP / 2 - 2);
        }
    }

    private void drawLane(Lane lane, int middle) {
        out.element("text", lane.program(), "class", "program", "x", left - LETTER_WIDTH, "y", middle + LIFE_HEIGHT);
        for (Span.Kind kind : Span.Kind.values()) {
            int barHeight = kind == Span.Kind.ALIVE ? LIFE_HEIGHT : BAR_HEIGHT;
            drawSpans(lane, kind, middle - barHeight / 2, barHeight);
        }
        lane.marks().stream().limit(MOST_MARKS).forEach(mark -> drawMark(mark, middle));
    }

    /** What touches in the picture is one shape. */
    private void drawSpans(Lane lane, Span.Kind kind, int top, int barHeight) {
        BitSet columns = new BitSet();
        lane.spans().stream().filter(span -> span.kind() == kind).forEach(span -> columns.set(x(span.fromMs()), Math
                .max(x(span.toMs()), x(span.fromMs()) + 1)));
        for (int from = columns.nextSetBit(0); from >= 0;) {
            int to = columns.nextClearBit(from);
            out.open("rect", "class", kind.label(), "x", from, "y", top, "width", to - from, "height", barHeight)
                    .element("title", lane.program() + ": " + kind.words()).close();
            from = columns.nextSetBit(to);
        }
    }

    private void drawMark(Mark mark, int middle) {
        int x = x(mark.atMs());
        String shape = "M" + x + ' ' + (middle - MARK_RADIUS) + " l" + MARK_RADIUS + ' ' + MARK_RADIUS + " l-"
                + MARK_RADIUS + ' ' + MARK_RADIUS + " l-" + MARK_RADIUS + " -" + MARK_RADIUS + " z";
        out.open("path", "class", mark.kind().label(), "d", shape).element("title", seconds(mark.atMs()) + " " + mark
                .kind().words() + (mark.note().isEmpty() ? "" : ": " + mark.note())).close();
    }

    private int x(long atMs) {
        return left + (int) ((atMs - startMs) * (WIDTH - left - LEAST_LEFT / 2) / lengthMs);
    }

    private String seconds(long atMs) {
        return String.format(Locale.ROOT, "%.2f s", (atMs - startMs) / MS_PER_SECOND);
    }
}
