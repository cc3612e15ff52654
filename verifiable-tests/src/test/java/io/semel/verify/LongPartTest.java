package io.semel.verify;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Goal;
import io.semel.verify.longrun.Part;
import io.semel.verify.scenarios.worker.Sabotage;
import io.semel.verify.stress.Mutants;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LongPartTest {
    @Test
    void twoThousandKillsAreEightRunsWithSeedsOfTheirOwn() {
        Part part = LongPart.KILLS.counted(2_000, 7, Sabotage.NONE);
        assertEquals(8, part.commands().size());
        assertEquals(List.of("kills", "--kills", "250", "--seed", "7"), part.commands().get(0));
        assertEquals(List.of("kills", "--kills", "250", "--seed", "14"), part.commands().get(7));
        assertEquals(List.of("kills", "--kills", "1", "--seed", "8"), LongPart.KILLS.counted(251, 7, Sabotage.NONE)
                .commands().get(1));
    }

    @Test
    void aHundredAndTwentyHistoriesAreOneRunOfTheMatrix() {
        assertEquals(List.of(List.of("matrix", "--histories", "120", "--seed", "7")), LongPart.MATRIX.counted(120, 7,
                Sabotage.NONE).commands());
    }

    @Test
    void killsOfTheLogAloneMountNothing() {
        assertEquals(List.of(List.of("disk", "--full-disks", "0", "--failing-disks", "0", "--kills", "2000", "--seed",
                "7")), LongPart.LOG_KILLS.counted(2_000, 7, Sabotage.NONE).commands());
    }

    @Test
    void aTenthAsManyDisksFailAsAreFilledAndOneAtLeast() {
        Part whole = LongPart.FULL_DISKS.counted(100, 7, Sabotage.NONE);
        assertEquals(List.of(List.of("disk", "--full-disks", "100", "--failing-disks", "0", "--kills", "0", "--seed",
                "7"), List.of("disk", "--full-disks", "0", "--failing-disks", "10", "--kills", "0", "--seed", "7")),
                whole.commands());
        assertEquals(List.of(100L, 10L), whole.goals().stream().map(Goal::wanted).toList());
        Part least = LongPart.FULL_DISKS.counted(3, 7, Sabotage.NONE);
        assertEquals(List.of("disk", "--full-disks", "0", "--failing-disks", "1", "--kills", "0", "--seed", "7"), least
                .commands().get(1));
        assertEquals(List.of(3L, 1L), least.goals().stream().map(Goal::wanted).toList());
    }

    @Test
    void goalsShrinkWithTheCount() {
        Part part = LongPart.ENGINE.counted(10_000, 7, Sabotage.NONE);
        assertEquals(List.of(10_000L, 1_000L, 500L), part.goals().stream().map(Goal::wanted).toList());
        assertEquals(List.of(1_000_000L, 100_000L, 50_000L), part.goals().stream().map(Goal::whole).toList());
    }

    @Test
    void eachPropertyOfTheProtocolHasAGoalOfItsOwnAndTheHistoriesAreTheNumberToSet() {
        Part part = LongPart.PROTOCOL.counted(10_000, 7, Sabotage.NONE);
        assertEquals(List.of(List.of("protocol", "--lives", "10000", "--seed", "7")), part.commands());
        assertEquals(List.of(10_000L, 10_000L, 500L, 10_000L, 5_000L, 5_000L, 1_000L, 1_500L), part.goals().stream()
                .map(Goal::wanted).toList());
        assertEquals(part.goals().size(), part.goals().stream().map(Goal::what).distinct().count());
    }

    @Test
    void librdkafkaReadsAllThatThereIsByAnyShare() {
        for (double share : new double[] {1, 0.01}) {
            Part part = LongPart.LIBRDKAFKA.uncounted(share, 7);
            assertEquals(List.of(List.of("librdkafka", "--seed", "7")), part.commands());
            assertEquals(List.of(Goal.ALL), part.goals().stream().map(Goal::wanted).toList());
        }
    }

    @Test
    void everyBugOfOthersIsPlantedByAnyShare() {
        for (double share : new double[] {1, 0.01}) {
            Part part = LongPart.TEETH.uncounted(share, 7);
            assertEquals(List.of(List.of("teeth")), part.commands());
            assertEquals(List.of(Goal.ALL), part.goals().stream().map(Goal::wanted).toList());
        }
    }

    @Test
    void everyScenarioOfAPartCounts() {
        Map<String, CommandLine> scenarios = VerifyMain.newCommandLine().getSubcommands();
        for (LongPart part : LongPart.values()) {
            Part run = part.isCounted() ? part.counted(1, 7, Sabotage.NONE) : part.uncounted(1, 7);
            for (List<String> command : run.commands()) {
                Object scenario = scenarios.get(command.get(0)).getCommand();
                assertInstanceOf(Counting.class, scenario, command::toString);
            }
        }
    }

    @Test
    void wholeRacesAreJcstressDefaultAndAShareIsItsQuickRunAndSomeMutants() {
        assertEquals(List.of(List.of("stress", "--mode", "default")), LongPart.RACES.uncounted(1, 7).commands());
        assertEquals(List.of(List.of("stress", "--mode", "quick")), LongPart.RACES.uncounted(0.1, 7).commands());
        assertEquals(List.of(List.of("stress", "--mutants")), LongPart.MUTANTS.uncounted(1, 7).commands());
        Part some = LongPart.MUTANTS.uncounted(0.1, 7);
        assertEquals(some.commands().size(), some.goals().get(0).wanted());
        assertEquals(some.commands().size(), some.commands().stream().distinct().count());
        assertTrue(some.commands().size() < Mutants.ALL.size(), some::toString);
    }
}
