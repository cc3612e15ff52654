package io.semel.verify.report;

import io.semel.server.inspect.Fields;

/** All that a report holds, as one object. Stateless. */
final class JsonReport {
    private JsonReport() {
    }

    static String of(Report report) {
        Fields totals = new Fields();
        report.facts().forEach(fact -> totals.with(fact.name().strip(), fact.count()));
        return new Fields().with("scenario", report.scenario()).with("clean", report.isClean()).with("promise", report
                .promise()).with("options", report.subtitle()).with("repeat", report.repeat()).with("totals", totals)
                .with("faults", report.faults().stream().map(JsonReport::fields).toList()).with("moreFaults", report
                        .moreFaults()).with("kills", report.killsMs())
                .with("lanes", report.lanes().stream().map(JsonReport::fields).toList()).json();
    }

    private static Fields fields(Fault fault) {
        return new Fields().with("what", fault.what()).with("where", fault.where()).with("definition", fault
                .definition()).with("evidence", fault.proofs().stream().map(proof -> new Fields().with("at", proof.at())
                        .with("process", proof.program()).with("account", proof.account())).toList());
    }

    private static Fields fields(Lane lane) {
        return new Fields().with("process", lane.program()).with("spans", lane.spans().stream().map(span -> new Fields()
                .with("kind", span.kind().label()).with("from", span.fromMs()).with("to", span
                        .toMs())).toList()).with("marks", lane.marks().stream().map(mark -> new Fields().with("kind",
                                mark.kind().label()).with("at", mark.atMs()).with("note", mark
                                        .note())).toList());
    }
}
