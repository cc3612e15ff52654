package io.semel.verify;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.semel.log.batch.codec.Codec;
import io.semel.server.ScratchDirectory;
import io.semel.server.StatusLine;
import io.semel.server.Table;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.rdkafka.FillerSabotage;
import io.semel.verify.rdkafka.Kcat;
import io.semel.verify.rdkafka.RdkafkaPlan;
import io.semel.verify.rdkafka.RdkafkaResult;
import io.semel.verify.rdkafka.RdkafkaResult.TopicCounts;
import io.semel.verify.rdkafka.RdkafkaRun;
import io.semel.verify.scenarios.Seeds;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "librdkafka", sortOptions = false, header = "Has librdkafka read what Semel wrote, fillers and all.", description = {
    "",
    "Semel writes topics with records of every codec, in batches and in place, committed and aborted transactions, and "
            + "fillers, which claims leave that were given up: first, last, in a row, inside transactions, of every "
            + "length that is special. One topic is compacted, one holds nothing but fillers.",
    "An Apache Kafka broker serves these very files, and kcat, which is librdkafka's command line, reads them: committed and "
            + "uncommitted, from the beginning, from offsets on and behind fillers, and by timestamp. It must show what "
            + "Semel's own reader shows, record by record, and find the same end.",
    "",
    "Needs kcat on the PATH. Where it is missing, root has it installed: apt-get install kcat.",
    ""}, footer = {
        "",
        "Exit codes: 0 nothing found, 1 it differs (what and where is printed), 2 bad usage, or kcat can't be had here.",
        "",
        "Examples:",
        "  ./semel verify librdkafka",
        "  ./semel verify librdkafka --seed 7",
        "  ./semel verify librdkafka --sabotage data              (must find damage: exit code 1)"})
final class LibrdkafkaCommand implements Callable<Integer>, Counting {
    @Option(names = "--seed", paramLabel = "S", description = "Of lengths and contents (default: drawn, and printed).")
    private Long seed;

    @Option(names = "--sabotage", paramLabel = "KIND", defaultValue = "none", description = "Spoil the fillers that are served and see it found: none, data (no control batch), type (another control type), key (a longer key), crc (default: ${DEFAULT-VALUE}).")
    private FillerSabotage sabotage;

    @Option(names = "--data", paramLabel = "DIR", description = "Where to work, empty, and kept (default: a temporary directory, removed).")
    private Path data;

    @Spec
    private CommandSpec spec;

    private final Reached reached = new Reached();

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public Integer call() throws Exception {
        long chosen = Seeds.orDrawn(seed);
        PrintWriter out = spec.commandLine().getOut();
        try (ScratchDirectory scratch = ScratchDirectory.open(data, "semel-librdkafka")) {
            Kcat kcat = Kcat.at(programFor(scratch.path(), out), scratch.path());
            out.printf(Locale.ROOT, "librdkafka: %s, codecs %s, seed %d, sabotage %s, in %s%n", kcat, kcat.codecs()
                    .stream().map(Codec::kafkaName).collect(Collectors.joining(", ")), chosen, sabotage, scratch
                            .path());
            out.flush();
            StatusLine line = StatusLine.on(out);
            RdkafkaResult result = new RdkafkaRun(new RdkafkaPlan(scratch.path(), kcat, sabotage, chosen), line::update,
                    compared -> reached.set(Count.RECORDS_COMPARED, compared)).run();
            line.finish();
            print(out, result, chosen);
            return result.isClean() ? 0 : 1;
        }
    }

    private static Path programFor(Path scratch, PrintWriter out) throws Exception {
        Optional<Path> found = Kcat.find();
        if (found.isPresent()) {
            return found.get();
        }
        out.println("kcat is missing: having it installed by apt-get ...");
        out.flush();
        return Kcat.install(scratch);
    }

    private void print(PrintWriter out, RdkafkaResult result, long chosen) {
        Table table = new Table().row("topic", "segments", "batches", "fillers", "readings", "records compared",
                "fillers skipped");
        result.topics().forEach(counts -> row(table, counts));
        row(table, result.all());
        out.println();
        table.print(out);
        out.printf(Locale.ROOT, "%d seconds%n", result.elapsedMs() / 1000);
        if (result.isClean()) {
            out.println("librdkafka shows what Semel's own reader shows, record by record, and finds the same end.");
        } else {
            result.differences().forEach(difference -> out.println("DIFFERS " + difference));
            out.printf(Locale.ROOT, "Run it again: ./semel verify librdkafka --seed %d --sabotage %s%n", chosen,
                    sabotage);
        }
        out.flush();
    }

    private static void row(Table table, TopicCounts counts) {
        table.row(counts.topic(), counts.segments(), counts.batches(), counts.fillers(), counts.readings(), counts
                .records(), counts.skipped());
    }
}
