package io.semel.verify;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.verify.longrun.Goal;
import io.semel.verify.longrun.Part;
import io.semel.verify.stress.Mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    void goalsShrinkWithTheCount() {
        Part part = LongPart.ENGINE.counted(10_000, 7, Sabotage.NONE);
        assertEquals(List.of(10_000L, 1_000L, 500L), part.goals().stream().map(Goal::wanted).toList());
        assertEquals(List.of(1_000_000L, 100_000L, 50_000L), part.goals().stream().map(Goal::whole).toList());
    }

    @Test
    void wholeRacesAreJcstressDefaultAndAShareIsItsQuickRunAndSomeMutants() {
        assertEquals(List.of(List.of("stress", "--mode", "default")), LongPart.RACES.uncounted(1).commands());
        assertEquals(List.of(List.of("stress", "--mode", "quick")), LongPart.RACES.uncounted(0.1).commands());
        assertEquals(List.of(List.of("stress", "--mutants")), LongPart.MUTANTS.uncounted(1).commands());
        Part some = LongPart.MUTANTS.uncounted(0.1);
        assertEquals(some.commands().size(), some.goals().get(0).wanted());
        assertEquals(some.commands().size(), some.commands().stream().distinct().count());
        assertTrue(some.commands().size() < Mutants.ALL.size(), some::toString);
    }
}
