package io.semel.server.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.client.SemelAdmin;
import io.semel.server.CommandLines;
import io.semel.server.ScratchDirectory;
import io.semel.server.SemanticsConverter;
import io.semel.server.StatusLine;
import io.semel.server.UsageException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code semel demo}. */
@Command(name = "demo", sortOptions = false, header = "Counts the words of a text exactly once while its worker is killed again and again.", description = {
    "",
    "A feeder sends a text line by line into the topic 'lines'; a pipeline turns lines into words in the topic 'counts'. "
            + "Both live in a worker JVM that dies of kill -9 at random moments and is started again. At the end the "
            + "committed result is compared with a direct count of the text, record by record.",
    "A text that would be done too soon is fed slower, so that every kill falls into the work.",
    ""}, footer = {
        "",
        "Exit codes: 0 nothing lost or duplicated, 1 something was, 2 bad input.",
        "",
        "Examples:",
        "  ./semel demo",
        "  ./semel demo --kills 25 --input book.txt",
        "  ./semel demo --semantics at-least-once      (what exactly-once buys)",
        "  cat *.txt | ./semel demo --input -",
        "  ./semel demo --data /tmp/demo && ./semel topics describe counts --data /tmp/demo"})
public final class DemoCommand implements Callable<Integer> {
    private static final int MAX_KILLS = 1000;
    private static final int MAX_PASSES = 10_000;
    private static final int MAX_PARTITIONS = 100;
    private static final int DEFAULT_PARTITIONS = 4;

    /** The shipped text is read so often that there is something to see. */
    private static final int LIVELY_LINES = 40_000;

    @Option(names = "--kills", paramLabel = "N", defaultValue = "10", description = "How often the worker is killed (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(names = "--input", paramLabel = "FILE", description = "The text; '-' is standard input (default: a freely licensed text of this machine).")
    private String input;

    @Option(names = "--passes", paramLabel = "N", description = "How often the text is fed (default: 1; the default text as often as is lively).")
    private Integer passes;

    @Option(names = "--semantics", paramLabel = "HOW", converter = SemanticsConverter.class, description = "exactly-once, at-least-once or at-most-once (default: exactly-once).")
    private DeliverySemantics semantics;

    @Option(names = "--partitions", paramLabel = "N", description = "Of either topic (default: " + DEFAULT_PARTITIONS
            + ").")
    private Integer partitions;

    @Option(names = "--seed", paramLabel = "S", description = "When the kills fall (default: drawn, and printed).")
    private Long seed;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep everything in DIR; run again, it goes on where it was (default: a temporary directory).")
    private Path data;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--kills", kills, 0, MAX_KILLS);
        UsageException.requireInRange("--passes", passes == null ? 1 : passes, 1, MAX_PASSES);
        UsageException.requireInRange("--partitions", partitions == null ? 1 : partitions, 1, MAX_PARTITIONS);
        if (input != null && !input.equals(DemoText.STANDARD_INPUT)) {
            DemoText.requireReadable(input);
        }
        try (ScratchDirectory scratch = ScratchDirectory.open(data, "semel-demo")) {
            return runIn(scratch.path());
        }
    }

    private int runIn(Path directory) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        DemoSettings settings;
        Expected expected;
        Place begin;
        try (Semel semel = Semel.open(directory)) {
            settings = settle(directory);
            expected = Expected.of(settings.text(), settings.passes());
            settings.store(directory);
            createTopics(semel.admin(), settings.partitions());
            begin = Feeder.placeIn(semel);
        }
        out.printf(Locale.ROOT, "Counting %s: %,d lines, %,d words, %s, in %s%n", settings.text(), expected.lines(),
                expected.words(), SemanticsConverter.shown(settings.semantics()), directory);
        out.flush();
        DemoReport report = new DemoReport(out);
        if (begin.line() < expected.lines()) {
            report.printRun(run(out, directory, settings, expected, begin));
        } else {
            out.println("Already complete: nothing to feed, nothing to kill; comparing again.");
        }
        Comparison comparison = DemoRun.compare(directory, expected, settings);
        report.printComparison(comparison);
        report.printVerdict(comparison, settings.semantics());
        return comparison.isExact() ? CommandLines.GOOD : CommandLines.DAMAGE;
    }

    private DemoRun run(PrintWriter out, Path directory, DemoSettings settings, Expected expected, Place begin)
            throws Exception {
        long chosen = seed == null ? ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE) : seed;
        KillSchedule schedule = new KillSchedule(chosen, begin.line(), expected.lines(), kills);
        out.printf(Locale.ROOT, "%d kills, seed %d%s%n", kills, chosen, kills == 0
                ? ""
                : String.format(Locale.ROOT, ", at most %,.0f lines a second so that all kills fall into the work",
                        schedule.linesPerSecond()));
        if (begin.line() > 0) {
            out.printf(Locale.ROOT, "Going on at line %,d%n", begin.line());
        }
        out.flush();
        DemoRun run = new DemoRun(directory, settings, expected, schedule, kills, StatusLine.on(out));
        run.run();
        return run;
    }

    /** Puts together what was asked for and what the directory was begun with. */
    private DemoSettings settle(Path directory) throws IOException {
        DemoSettings earlier = DemoSettings.load(directory);
        Path text = chooseText(directory, earlier);
        int chosenPasses = earlier == null ? 1 : earlier.passes();
        if (passes != null) {
            chosenPasses = passes;
        } else if (earlier == null && input == null) {
            int lines = Expected.of(text, 1).lines();
            chosenPasses = (LIVELY_LINES + lines - 1) / lines;
        }
        int chosenPartitions = earlier == null ? DEFAULT_PARTITIONS : earlier.partitions();
        DeliverySemantics chosenSemantics = earlier == null ? DeliverySemantics.EXACTLY_ONCE : earlier.semantics();
        DemoSettings settings = DemoSettings.of(text, chosenPasses, partitions == null ? chosenPartitions : partitions,
                semantics == null ? chosenSemantics : semantics);
        if (earlier != null) {
            earlier.requireSame(settings, directory);
        }
        return settings;
    }

    private Path chooseText(Path directory, DemoSettings earlier) throws IOException {
        if (input == null) {
            return earlier == null
                    ? DemoText.ship(directory)
                    : DemoText.requireReadable(earlier.text().toString());
        }
        return input.equals(DemoText.STANDARD_INPUT)
                ? DemoText.spool(System.in, directory)
                : DemoText.requireReadable(input);
    }

    private static void createTopics(SemelAdmin admin, int partitionCount) {
        for (String topic : new String[] {DemoTopics.LINES, DemoTopics.COUNTS}) {
            if (!admin.hasTopic(topic)) {
                admin.createTopic(topic, partitionCount);
            }
        }
    }
}
