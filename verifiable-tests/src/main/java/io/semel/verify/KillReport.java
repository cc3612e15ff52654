package io.semel.verify;

import java.io.PrintWriter;

import io.semel.server.Table;

/** What a run found, for people. */
final class KillReport {
    private KillReport() {
    }

    static void print(PrintWriter out, KillPlan plan, KillResult result) {
        long[] counts = result.counts();
        Table table = new Table()
                .row("kills survived", result.kills())
                .row("records fed, committed", result.input().records())
                .row("records copied, committed", result.copy().records())
                .row("transactions of the copiers", counts[1])
                .row("  aborted on purpose", counts[2])
                .row("  taken over by a newer instance", counts[5])
                .row("batches sent again", counts[3])
                .row("batches that overtook another", counts[4])
                .row("lost", result.input().lost() + result.copy().lost())
                .row("duplicated", result.input().duplicated() + result.copy().duplicated())
                .row("out of order", result.input().reordered() + result.copy().reordered())
                .row("corrupt", result.input().corrupt() + result.copy().corrupt())
                .row("wrong answers of the engine", result.anomalyCount())
                .row("seconds", result.elapsedMs() / 1000);
        out.println();
        table.print(out);
        printDamage(out, result);
        out.println(result.isClean()
                ? "Every record was copied exactly once, in order."
                : "DAMAGE. Run it again: ./semel verify kills --kills " + plan.kills() + " --seed " + plan.seed()
                        + " --members " + plan.members() + " --partitions " + plan.partitions() + " --sabotage "
                        + plan.sabotage());
        out.flush();
    }

    private static void printDamage(PrintWriter out, KillResult result) {
        if (!result.failure().isEmpty()) {
            out.println("The run could not go on: " + result.failure());
        }
        for (Damage damage : new Damage[] {result.input(), result.copy()}) {
            if (!damage.first().isEmpty()) {
                out.println("First damage: " + damage.first());
            }
        }
        for (String anomaly : result.anomalies()) {
            out.println("Wrong answer: " + anomaly);
        }
        long more = result.anomalyCount() - result.anomalies().size();
        if (more > 0) {
            out.println("... and " + more + " wrong answers more");
        }
    }
}
