package io.semel.verify.clients;

import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import io.semel.verify.clients.Verdict.Outcome;
import io.semel.verify.clients.Verdict.Step;

/** Writes what clients found as a page in Markdown: a row for each step, a column for each client. Stateless. */
public final class ClientMatrix {
    private static final String NOT_TRIED = "";

    private ClientMatrix() {
    }

    /** @param command what makes the page again */
    public static void write(ClientRun.Result result, String command, PrintWriter out) {
        List<Verdict> verdicts = result.verdicts();
        out.println("# Clients that nobody here wrote");
        out.println();
        out.println("Made by `" + command + "`, which makes it again; not written by hand.");
        out.println();
        out.println("Each client tells the same story, by a small program in `verifiable-tests`, to "
                + String.join(" and to ", result.hosts()) + ", and hears the same answers and error codes. Between the "
                + "two acts of the story Semel's server is killed by `kill -9`.");
        out.println();
        out.println("`ok`: as with Kafka. `listed`: not as with Kafka, for the reason below. `-`: the client has no "
                + "such thing. Empty: not part of its story.");
        out.println();
        row(out, "step", verdicts.stream().map(Verdict::version).toList());
        row(out, "---", verdicts.stream().map(verdict -> "---").toList());
        Set<String> steps = verdicts.stream().flatMap(verdict -> verdict.steps().keySet().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        steps.remove("version");
        steps.forEach(step -> row(out, step, verdicts.stream().map(verdict -> cell(verdict.steps().get(step)))
                .toList()));
        out.println();
        out.println("## Listed differences");
        out.println();
        verdicts.forEach(verdict -> verdict.steps().forEach((step, found) -> {
            if (found.outcome() == Outcome.ALLOWED) {
                out.println("- " + verdict.client() + ", " + found.shown());
            }
        }));
        out.flush();
    }

    private static String cell(Step step) {
        if (step == null) {
            return NOT_TRIED;
        }
        return switch (step.outcome()) {
            case OK -> "ok";
            case DIFFERS -> "**differs**";
            case ALLOWED -> "listed";
            case UNSUPPORTED -> "-";
        };
    }

    private static void row(PrintWriter out, String name, List<String> cells) {
        out.println(String.format(Locale.ROOT, "| %s | %s |", name, String.join(" | ", cells)));
    }
}
