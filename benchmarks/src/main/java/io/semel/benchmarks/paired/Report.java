package io.semel.benchmarks.paired;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.semel.benchmarks.paired.Settings.Depth;

/** Prints results for people. Stateless. */
public final class Report {
    private static final double MILLION = 1e6;

    private Report() {
    }

    public static void print(PrintWriter out, Depth depth, Set<Claim> claims, Results results) {
        for (Claim claim : claims) {
            out.printf(Locale.ROOT, "%n%s  %s%n", claim, claim.title());
            out.printf(Locale.ROOT, "    %-46s %14s %14s %14s%n", "", "median", "lowest", "highest");
            for (Contender contender : claim.contenders()) {
                printContender(out, contender, results);
            }
        }
        results.profiles().forEach((contender, lines) -> printProfile(out, contender, lines));
        if (claims.contains(Claim.STAGES)) {
            out.println();
            StageTable.lines(results).forEach(out::println);
        }
        out.println();
        RatioTable.lines(depth, claims, results).forEach(out::println);
        out.flush();
    }

    private static void printContender(PrintWriter out, Contender contender, Results results) {
        if (!results.contenders().contains(contender)) {
            out.printf(Locale.ROOT, "    %-46s skipped: %s%n", contender.title(), results.skipped().get(contender));
            return;
        }
        double[] rates = results.perSecond(contender);
        out.printf(Locale.ROOT, "    %-46s %14s %14s %14s%n", contender.title(), rate(Medians.of(rates)),
                rate(Medians.lowest(rates)), rate(Medians.highest(rates)));
        for (String figure : results.of(contender).get(0).figures().keySet().stream().sorted().toList()) {
            double[] values = results.figure(contender, figure);
            out.printf(Locale.ROOT, "    %46s %,14.0f %,14.0f %,14.0f%n", figure, Medians.of(values),
                    Medians.lowest(values), Medians.highest(values));
        }
    }

    private static void printProfile(PrintWriter out, Contender contender, List<ProfileLine> lines) {
        out.printf(Locale.ROOT, "%nwhere the time goes: %s%n", contender.title());
        for (ProfileLine line : lines) {
            out.printf(Locale.ROOT, "    %5.1f %%  %5d samples  %s%n", line.permille() / 10.0, line.samples(), line
                    .place());
        }
    }

    static String rate(double perSecond) {
        return perSecond < MILLION
                ? String.format(Locale.ROOT, "%,.0f /s", perSecond)
                : String.format(Locale.ROOT, "%.2f M/s", perSecond / MILLION);
    }
}
