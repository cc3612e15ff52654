package io.semel.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.semel.verify.disk.EnginePlan;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Goal;
import io.semel.verify.longrun.Part;
import io.semel.verify.scenarios.worker.Sabotage;
import io.semel.verify.stress.Mutant;
import io.semel.verify.stress.Mutants;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The parts of the long run in their order: what a long run must reach in each, and what a person would type for it.
 */
enum LongPart {
    ENGINE(Goal.of("L1 L2 L4", Count.IMAGES, 1_000_000), Goal.of("L3", Count.RECOVERY_CRASHES, 100_000),
            Goal.of("L4", Count.CORRUPTIONS, 50_000)),
    /** Every call must be one that fails; of so many lives, because no two make the same calls. */
    FAULTS(Goal.of("L5", Count.LIVES, 200), Goal.of("L5", Count.FAULTS, Goal.ALL)),
    /** Producers, transactions and groups against their model. */
    PROTOCOL(ProtocolGoal.all()),
    /** Of the transactions and groups that stand on the log. */
    KILLS(Goal.of("L1 T1 E1", Count.KILLS, 2_000)),
    /** Of programs that copy, each history of theirs through the checker. */
    MATRIX(Goal.of("E1 T2 T3 T4 T5", Count.HISTORIES_CHECKED, 120)),
    /** Of the log alone, by both durabilities; on the disk that is there, so anybody may. */
    LOG_KILLS(Goal.of("L1", Count.KILLS, 2_000)),
    FULL_DISKS(Goal.of("L5", Count.FULL_DISKS, 100), Goal.of("L5", Count.FAILING_DISKS, 10)),
    /** One run reads all that there is to read; its seed is of lengths and contents alone. */
    LIBRDKAFKA(Goal.of("T2 T9", Count.RECORDS_COMPARED, Goal.ALL)),
    /** All pairs there are. */
    DELAYS(Goal.of("T7", Count.DELAYS, Goal.ALL)),
    RACES(Goal.of("L7", Count.RACES, Goal.ALL)),
    MUTANTS(Goal.of("L7 X1", Count.MUTANTS, Goal.ALL)),
    TEETH(Goal.of("X1", Count.SEEDED_BUGS, Goal.ALL));

    /** A life of more calls than this there is none. */
    private static final int CALLS = 1000;

    /** In a directory of its own, so that what is copied and read again at the end has a bound. */
    private static final long KILLS_A_DIRECTORY = 250;

    private final List<Goal> goals;

    LongPart(Goal... goals) {
        this.goals = List.of(goals);
    }

    /** As options and reports name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The count that says how large it is, in a long run. */
    long most() {
        return goals.get(0).whole();
    }

    /** Whether its size is a number; the others do all that there is, or by a share as many tests, in less time. */
    boolean isCounted() {
        return most() != Goal.ALL;
    }

    Part counted(long count, long seed, Sabotage sabotage) {
        List<Goal> scaled = goals.stream().map(goal -> goal.scaled(count, most())).toList();
        return new Part(label(), scaled, commands(count, seed, sabotage));
    }

    /** @param share of the whole */
    Part uncounted(double share, long seed) {
        List<Goal> all = goals.stream().map(goal -> new Goal(goal.properties(), goal.what(), Goal.ALL, wanted(share)))
                .toList();
        return new Part(label(), all, commands(share, seed));
    }

    private List<List<String>> commands(long count, long seed, Sabotage sabotage) {
        String number = Long.toString(count);
        String from = Long.toString(seed);
        return switch (this) {
            case ENGINE -> List.of(List.of("engine", "--images", number, "--seed", from));
            case FAULTS -> List.of(List.of("engine", "--sweep", "" + CALLS, "--images", Long.toString(count
                    * EnginePlan.IMAGES_A_LIFE), "--seed", from));
            case PROTOCOL -> List.of(List.of("protocol", "--lives", number, "--seed", from));
            case KILLS -> kills(count, seed, sabotage);
            case MATRIX -> List.of(List.of("matrix", "--histories", number, "--seed", from));
            case LOG_KILLS -> List.of(disk("0", "0", number, from));
            // Apart: fewer machines can mount a disk that fails than one that is full.
            case FULL_DISKS -> List.of(disk(number, "0", "0", from), disk("0", Long.toString(goals.get(1).scaled(count,
                    most()).wanted()), "0", from));
            case LIBRDKAFKA, DELAYS, RACES, MUTANTS, TEETH -> throw new IllegalStateException("no count is asked of "
                    + label());
        };
    }

    private static List<String> disk(String full, String failing, String kills, String seed) {
        return List.of("disk", "--full-disks", full, "--failing-disks", failing, "--kills", kills, "--seed", seed);
    }

    private static List<List<String>> kills(long count, long seed, Sabotage sabotage) {
        List<List<String>> commands = new ArrayList<>();
        for (long done = 0; done < count; done += KILLS_A_DIRECTORY) {
            List<String> command = new ArrayList<>(List.of("kills", "--kills", Long.toString(Math.min(KILLS_A_DIRECTORY,
                    count - done)), "--seed", Long.toString(seed + commands.size())));
            if (sabotage != Sabotage.NONE) {
                command.addAll(List.of("--sabotage", sabotage.toString()));
            }
            commands.add(command);
        }
        return commands;
    }

    /** jcstress knows no share; its own quick run is the next smaller thing, and of the mutants some can be taken. */
    private List<List<String>> commands(double share, long seed) {
        return switch (this) {
            case LIBRDKAFKA -> List.of(List.of("librdkafka", "--seed", Long.toString(seed)));
            case DELAYS -> List.of(List.of("protocol", "--delays"));
            case RACES -> List.of(List.of("stress", "--mode", share < 1 ? "quick" : "default"));
            case MUTANTS -> share < 1 ? someMutants(share) : List.of(List.of("stress", "--mutants"));
            case TEETH -> List.of(List.of("teeth"));
            case ENGINE, FAULTS, PROTOCOL, KILLS, MATRIX, LOG_KILLS, FULL_DISKS -> throw new IllegalStateException(
                    "a count is asked of "
                            + label());
        };
    }

    private static List<List<String>> someMutants(double share) {
        List<String> names = Mutants.ALL.stream().filter(mutant -> !mutant.isHidden()).map(Mutant::name).toList();
        int taken = (int) Math.ceil(names.size() * share);
        List<List<String>> commands = new ArrayList<>();
        for (int index = 0; index < taken; index++) {
            commands.add(List.of("stress", "--mutants", "--mutant", names.get(index * names.size() / taken)));
        }
        return commands;
    }

    private long wanted(double share) {
        return this == MUTANTS && share < 1 ? someMutants(share).size() : Goal.ALL;
    }

    static String labels() {
        return Arrays.stream(values()).map(LongPart::label).collect(Collectors.joining(", "));
    }

    /** By the name that reports use. */
    static final class Converter implements ITypeConverter<LongPart> {
        @Override
        public LongPart convert(String typed) {
            return Arrays.stream(LongPart.values()).filter(part -> part.label().equals(typed)).findFirst().orElseThrow(
                    () -> new TypeConversionException("no such part: '" + typed + "'; there are " + labels()));
        }
    }
}
