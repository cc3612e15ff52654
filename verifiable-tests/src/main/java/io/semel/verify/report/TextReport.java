package io.semel.verify.report;

import java.io.PrintWriter;

import io.semel.server.Table;

/** The totals, what is broken, and the verdict. Stateless. */
final class TextReport {
    private TextReport() {
    }

    static void print(PrintWriter out, Report report) {
        Table table = new Table();
        report.facts().forEach(fact -> table.row(fact.name(), fact.count()));
        out.println();
        table.print(out);
        for (Fault fault : report.faults()) {
            out.println("BROKEN " + fault.headline() + (fault.definition().isEmpty() ? "" : ": " + fault
                    .definition()));
            fault.proofs().forEach(proof -> out.println("    " + proof.at() + "  " + proof.program() + ' ' + proof
                    .account()));
        }
        if (report.moreFaults() > 0) {
            out.println("... and " + Table.number(report.moreFaults()) + " more of these kinds");
        }
        out.println(report.verdict());
        out.flush();
    }
}
