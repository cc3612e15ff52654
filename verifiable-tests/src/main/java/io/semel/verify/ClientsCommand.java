package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.semel.server.ScratchDirectory;
import io.semel.server.UsageException;
import io.semel.verify.clients.ClientMatrix;
import io.semel.verify.clients.ClientRun;
import io.semel.verify.clients.ForeignClient;
import io.semel.verify.clients.Verdict;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "clients", sortOptions = false, header = "Has clients that nobody here wrote speak to Semel's server and to Apache Kafka, and compares.", description = {
    "",
    "kcat and confluent-kafka (librdkafka), python-kafka, kafkajs, kafka-clients of today and of the 3.x line, and Apache "
            + "Kafka's own tools "
            + "tell one story each: topics, every codec, keys, headers, times, groups, commits, "
            + "transactions, administration, and all of it again after a restart, for which Semel's server is killed by SIGKILL.",
    "Each step's answer must be the one that an Apache Kafka broker gives, error codes included, up to the written list in "
            + "differences.txt.",
    "",
    "What is missing is installed from Debian's packages and npm, which needs root.",
    ""}, footer = {
        "",
        "Exit codes: 0 nothing found, 1 it differs (what and where is printed), 2 bad usage, or a client can't be had here.",
        "",
        "Examples:",
        "  ./semel verify clients",
        "  ./semel verify clients --client kafkajs --on semel",
        "  ./semel verify clients --report docs/clients.md         (writes the page anew)"})
final class ClientsCommand implements Callable<Integer> {
    @Option(names = "--client", paramLabel = "NAME", split = ",", description = "Only these: kcat, python-kafka, confluent, kafkajs, kafka-clients, kafka-clients-3, kafka-tools (default: all).")
    private List<String> names = List.of();

    @Option(names = "--on", paramLabel = "HOST", defaultValue = "both", description = "Who is told the story: semel, kafka, both (default: ${DEFAULT-VALUE}). By one alone nothing can be compared.")
    private ClientRun.On on;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the matrix is written, as Markdown.")
    private Path report;

    @Option(names = "--data", paramLabel = "DIR", description = "Where to work, empty, and kept (default: a temporary directory, removed).")
    private Path data;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<ForeignClient> clients = names.isEmpty()
                ? List.of(ForeignClient.values())
                : names.stream().map(ClientsCommand::named).toList();
        try (ScratchDirectory scratch = ScratchDirectory.open(data, "semel-clients")) {
            ClientRun.Result result = new ClientRun(scratch.path(), clients, text -> {
                out.println(text + " ...");
                out.flush();
            }).run(on);
            result.verdicts().forEach(verdict -> print(out, verdict));
            if (report != null) {
                write(result);
            }
            out.println(result.isClean() ? "Nothing found: " + String.join(", ", result.hosts()) + '.'
                    : "Something differs.");
            out.flush();
            return result.isClean() ? 0 : 1;
        }
    }

    private static ForeignClient named(String name) {
        return Arrays.stream(ForeignClient.values()).filter(client -> client.title().equals(name)).findFirst()
                .orElseThrow(() -> new UsageException("no such client: " + name + "; there are " + Arrays.stream(
                        ForeignClient.values()).map(ForeignClient::title).toList()));
    }

    private static void print(PrintWriter out, Verdict verdict) {
        out.println();
        out.println(verdict.client() + " (" + verdict.version() + ")");
        verdict.steps().forEach((step, found) -> out.printf(Locale.ROOT, "%s: %s %s%n", step,
                found.outcome().name().toLowerCase(Locale.ROOT), found.shown()));
        verdict.faults().forEach(fault -> out.println("DIFFERS " + fault));
    }

    private void write(ClientRun.Result result) throws IOException {
        try (PrintWriter page = new PrintWriter(Files.newBufferedWriter(report))) {
            ClientMatrix.write(result, "./semel verify clients --report docs/clients.md", page);
        }
    }
}
