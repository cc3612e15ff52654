package io.semel.verify;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;

import io.semel.server.UsageException;
import io.semel.verify.longrun.LongPlan;
import io.semel.verify.longrun.LongRun;
import io.semel.verify.longrun.Part;
import io.semel.verify.scenarios.worker.Sabotage;
import io.semel.verify.scenarios.worker.SabotageConverter;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "long", sortOptions = false, header = "Runs all scenarios with the counts that one long run must reach, and tells what each reached.", description = {
    "",
    "The parts, in this order; each is a scenario that can be run by itself, and is shown as it is begun:",
    "  engine      1,000,000 crash images of the log on a simulated disk; among them 100,000 crashes inside recovery and "
            + "50,000 damaged side files",
    "  faults      200 lives of the log, with each storage call the last one, or failing, once or from then on",
    "  protocol    1,000,000 histories of producers, transactions and groups against a model",
    "  kills       2,000 kills of processes that copy by transactions, in runs of 250",
    "  matrix      120 histories of programs that copy and are killed, in 32 ways, each checked",
    "  log-kills   2,000 kills of processes that append to logs, at both durabilities",
    "  full-disks  100 real file systems filled under the log, and 10 whose forces fail; needs Linux and root",
    "  librdkafka  all that kcat shows of what Semel wrote; needs kcat, or root to install it",
    "  delays      every message of three transactions late or twice, and every pair",
    "  races       jcstress, in its default mode",
    "  mutants     every memory order weakened, and noticed",
    "",
    "A part that finds something, or that can't run here, says so, and the others still run. All of it takes the better "
            + "part of a day on two cores, most of it races. Ctrl-C ends it with the table of what was reached; go on with "
            + "--skip for the parts that are done.",
    ""}, footer = {
        "",
        "Exit codes: 0 everything held, 1 something is broken, 2 bad usage, or a part could not run or did not reach its count.",
        "",
        "Examples:",
        "  ./semel verify long --json target/long.json",
        "  ./semel verify long --share 1/100                      (minutes: races by jcstress's quick run, some mutants)",
        "  ./semel verify long --skip full-disks --skip races",
        "  ./semel verify long --only engine --count engine=5000000",
        "  ./semel verify long --only kills --count kills=5 --sabotage fencing      (must find damage: exit code 1)"})
final class LongCommand implements Callable<Integer> {
    private static final long MAX_COUNT = 1_000_000_000;

    /** Seeds derived from this one must be seeds, too. */
    private static final int MAX_SEED = 1_000_000_000;

    @Option(names = "--share", paramLabel = "S", defaultValue = "1", converter = ShareConverter.class, description = "Of every count, such as 1/100 (default: ${DEFAULT-VALUE}).")
    private double share;

    @Option(names = "--count", paramLabel = "PART=N", converter = LongPart.Converter.class, description = "Of one part, instead: engine (images), faults (lives), protocol (histories), kills, matrix (histories), log-kills, full-disks.")
    private Map<LongPart, Long> counts = new LinkedHashMap<>();

    @Option(names = "--only", paramLabel = "PART", converter = LongPart.Converter.class, description = "Only this part; may be given more than once.")
    private List<LongPart> only = new ArrayList<>();

    @Option(names = "--skip", paramLabel = "PART", converter = LongPart.Converter.class, description = "All but this part; may be given more than once.")
    private List<LongPart> skipped = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "S", description = "Of everything (default: drawn, and printed).")
    private Long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there too, after every part.")
    private Path json;

    @Option(names = "--sabotage", paramLabel = "CHECK", defaultValue = "none", converter = SabotageConverter.class, description = "Switch a check of the engine off under the part kills, and see the damage found: none, sequence-check, fencing (default: ${DEFAULT-VALUE}).")
    private Sabotage sabotage;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        long chosen = seed == null ? ThreadLocalRandom.current().nextInt(1, MAX_SEED) : seed;
        UsageException.requireInRange("--seed", chosen, 0, MAX_SEED);
        Set<LongPart> wanted = only.isEmpty() ? EnumSet.allOf(LongPart.class) : EnumSet.copyOf(only);
        skipped.forEach(wanted::remove);
        if (wanted.isEmpty()) {
            throw new UsageException("nothing is left to run; --only and --skip name the same parts of "
                    + LongPart.labels());
        }
        List<String> leftOut = EnumSet.complementOf(EnumSet.copyOf(wanted)).stream().map(LongPart::label).toList();
        List<Part> parts = wanted.stream().map(part -> sized(part, chosen)).toList();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "long: %d parts, share %s, seed %d%n", parts.size(), share, chosen);
        return new LongRun(new LongPlan(parts, leftOut, chosen, Optional.ofNullable(json)), this::scenarios, out).run();
    }

    private Part sized(LongPart part, long chosen) {
        if (!part.isCounted()) {
            if (counts.containsKey(part)) {
                throw new UsageException("--count " + part.label()
                        + ": this part has no count; --share makes it smaller");
            }
            return part.uncounted(share, chosen);
        }
        long count = counts.getOrDefault(part, (long) Math.ceil(part.most() * share));
        UsageException.requireInRange("--count " + part.label(), count, 1, MAX_COUNT);
        return part.counted(count, chosen, sabotage);
    }

    private CommandLine scenarios() {
        return VerifyMain.newCommandLine().setOut(spec.commandLine().getOut()).setErr(spec.commandLine().getErr());
    }
}
