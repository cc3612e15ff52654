package io.semel.benchmarks.paired;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import io.semel.benchmarks.paired.Settings.Depth;
import io.semel.benchmarks.paired.Target.Outcome;

/** One line for every target: what came out beside what is asked. Stateless. */
final class RatioTable {
    private static final String LINE = "%-12s  %-46s  %-36s  %10s  %21s  %10s  %s";

    /** From here on a ratio's second digit says nothing. */
    private static final double LARGE = 100;

    private RatioTable() {
    }

    static List<String> lines(Depth depth, Set<Claim> claims, Results results) {
        List<String> lines = new ArrayList<>();
        lines.add(heading(depth));
        lines.add(line("", "", "beside", "median", "rounds", "asked", ""));
        for (Claim claim : claims) {
            for (Target target : claim.targets()) {
                Optional<Outcome> outcome = target.judge(results);
                lines.add(outcome.map(found -> line(claim, found)).orElseGet(
                        () -> String.format(Locale.ROOT, "%-12s  %s: not measured", claim, target)));
            }
        }
        return lines;
    }

    private static String heading(Depth depth) {
        return switch (depth) {
            case FULL -> "Ratios and figures of this run, against what is asked:";
            case QUICK ->
                "Ratios and figures of this run, against what is asked. A QUICK run, few rounds and few records: "
                        + "it shows that everything runs, and proves nothing.";
        };
    }

    private static String line(Claim claim, Outcome outcome) {
        return line(claim.name(), outcome.subject().title(), outcome.name(), number(outcome.figure()), number(outcome
                .lowest()) + " .. " + number(outcome.highest()), outcome.sense().sign() + ' ' + number(outcome.asked()),
                outcome.reached() ? "reached" : "MISSED");
    }

    private static String line(Object... columns) {
        return String.format(Locale.ROOT, LINE, columns).stripTrailing();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < LARGE ? "%.2f" : "%,.0f", value);
    }
}
