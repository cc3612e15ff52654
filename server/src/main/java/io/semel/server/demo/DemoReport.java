package io.semel.server.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

import io.semel.client.DeliverySemantics;
import io.semel.server.SemanticsConverter;
import io.semel.server.Table;

/** What the demo found, for people. */
final class DemoReport {
    private final PrintWriter out;

    DemoReport(PrintWriter out) {
        this.out = out;
    }

    void printRun(DemoRun run) {
        DemoProgress progress = run.progress();
        double seconds = run.workSeconds();
        out.println();
        new Table()
                .row("kills survived", run.killed())
                .row("recoveries", progress.recoveries())
                .row("  transactions finished by them", progress.transactionsFinished())
                .row("  transaction branches aborted by them", progress.branchesAborted())
                .row("commits", progress.commits())
                .row("transactions per second", String.format(Locale.ROOT, "%,.0f",
                        seconds == 0 ? 0 : progress.commits() / seconds))
                .print(out);
    }

    void printComparison(Comparison comparison) {
        Tally lines = comparison.lines();
        Tally words = comparison.words();
        out.println();
        new Table()
                .row("", "lines", "words")
                .row("expected, by a direct count", lines.expected(), words.expected())
                .row("records in", Table.number(lines.records()), "")
                .row("records out", "", Table.number(words.records()))
                .row("duplicates", lines.duplicates(), words.duplicates())
                .row("losses", lines.losses(), words.losses())
                .row("not from the text", lines.foreign(), words.foreign())
                .print(out);
        out.println();
        Table top = new Table().row("most frequent", "count");
        for (Map.Entry<String, Long> word : comparison.top()) {
            top.row(word.getKey(), word.getValue());
        }
        top.print(out);
        out.println();
    }

    void printVerdict(Comparison comparison, DeliverySemantics semantics) {
        if (comparison.isExact()) {
            out.println("Every line and every word was counted exactly once."
                    + (semantics == DeliverySemantics.EXACTLY_ONCE
                            ? ""
                            : " This time: " + SemanticsConverter.shown(semantics)
                                    + " does not promise it; more --kills show more."));
        } else if (semantics == DeliverySemantics.EXACTLY_ONCE) {
            out.println("DAMAGE: exactly once was promised and not kept. Please report this with its --seed.");
        } else {
            out.println(semantics == DeliverySemantics.AT_LEAST_ONCE
                    ? "At least once: nothing may be lost, and what a crash caught was done again."
                    : "At most once: nothing may be done twice, and what a crash caught is lost.");
            out.println("Run it again with --semantics exactly-once to see the difference.");
        }
        out.flush();
    }
}
