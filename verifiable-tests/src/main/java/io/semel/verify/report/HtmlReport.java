package io.semel.verify.report;

import io.semel.server.Table;
import io.semel.verify.report.Lane.Mark;
import io.semel.verify.report.Lane.Span;

/** One page that needs nothing beside it, readable by day and by night. Stateless. */
final class HtmlReport {
    /** Without a character that XML would want escaped. */
    private static final String STYLE = """
            :root { color-scheme: light dark; --ground: #ffffff; --ink: #1c1f24; --faint: #d5d9df; --life: #9aa3af;
              --committed: #2f7d4f; --aborted: #c98a1b; --unfinished: #8a5bb5; --rebalance: #2d6cc0; --bad: #c4302b; }
            @media (prefers-color-scheme: dark) { :root { --ground: #15181c; --ink: #e4e7eb; --faint: #343a42;
              --life: #68717d; --committed: #53b27c; --aborted: #e0a93d; --unfinished: #b48be0; --rebalance: #6aa5f0;
              --bad: #f0625d; } }
            body { background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto;
              max-width: 1240px; padding: 0 1rem; }
            h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; }
            .held { color: var(--committed); } .broken { color: var(--bad); }
            table { border-collapse: collapse; } td { padding: 0.1rem 1.5rem 0.1rem 0; } td.count { text-align: right;
              font-variant-numeric: tabular-nums; }
            code, li { font-family: ui-monospace, monospace; font-size: 0.9em; }
            svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 12px; }
            text.program { text-anchor: end; } text.time { text-anchor: middle; }
            line.tick { stroke: var(--faint); } line.kill { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 4 3; }
            .alive { fill: var(--life); } .committed { fill: var(--committed); } .aborted { fill: var(--aborted); }
            .unfinished { fill: var(--unfinished); } .rebalance { fill: var(--rebalance); }
            .stalled { fill: var(--aborted); stroke: var(--ink); } .fenced { fill: var(--unfinished); stroke: var(--ink); }
            .anomaly { fill: var(--bad); stroke: var(--ground); }
            .legend span { margin-right: 1.2rem; white-space: nowrap; } .legend svg { width: 14px; height: 10px; }
            """;

    private HtmlReport() {
    }

    static String of(Report report) {
        Markup out = new Markup();
        out.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8").empty(
                "meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        out.element("title", "semel verify " + report.scenario() + (report.isClean() ? ": held" : ": BROKEN"));
        out.open("style").raw(STYLE).close().close().open("body");
        out.element("h1", "semel verify " + report.scenario()).element("p", report.subtitle());
        out.element("p", report.verdict(), "class", report.isClean() ? "held" : "broken");
        faults(out, report);
        if (!report.lanes().isEmpty()) {
            out.element("h2", "Who did what when");
            legend(out);
            Picture.draw(out, report);
        }
        out.element("h2", "Totals").open("table");
        report.facts().forEach(fact -> out.open("tr").element("td", fact.name()).element("td", Table.number(fact
                .count()), "class", "count").close());
        out.close();
        out.element("h2", "Again").open("p").element("code", report.repeat()).close();
        return out.close().close().toString();
    }

    private static void faults(Markup out, Report report) {
        if (report.isClean()) {
            return;
        }
        out.element("h2", "What is broken", "class", "broken");
        for (Fault fault : report.faults()) {
            out.open("h3").text(fault.headline()).close();
            if (!fault.definition().isEmpty()) {
                out.element("p", fault.definition());
            }
            if (!fault.proofs().isEmpty()) {
                out.open("ul");
                fault.proofs().forEach(proof -> out.element("li", proof.at() + "  " + proof.program() + ' ' + proof
                        .account()));
                out.close();
            }
        }
        if (report.moreFaults() > 0) {
            out.element("p", "... and " + Table.number(report.moreFaults()) + " more of these kinds");
        }
    }

    private static void legend(Markup out) {
        out.open("p", "class", "legend");
        for (Span.Kind kind : Span.Kind.values()) {
            entry(out, kind.label(), kind.words());
        }
        for (Mark.Kind kind : Mark.Kind.values()) {
            entry(out, kind.label(), kind.words());
        }
        out.open("span").open("svg", "viewBox", "0 0 14 10").empty("line", "class", "kill", "x1", 7, "x2", 7, "y1", 0,
                "y2", 10).close().text("kill -9 of the process").close();
        out.close();
    }

    private static void entry(Markup out, String styled, String words) {
        out.open("span").open("svg", "viewBox", "0 0 14 10").empty("rect", "class", styled, "width", 14, "height", 10)
                .close().text(words).close();
    }
}
