package io.semel.benchmarks.paired;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.semel.benchmarks.paired.Settings.Amounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClaimTest {
    private static final Amounts AMOUNTS = new Amounts(1_000, 1 << 20, 1 << 20);

    @ParameterizedTest
    @EnumSource
    void aClaimAsksEverybodyWhomItsTargetsName(Claim claim) {
        assertFalse(claim.targets().isEmpty());
        claim.targets().forEach(target -> assertTrue(claim.contenders().containsAll(target.contenders()),
                () -> claim + " does not ask all of " + target.contenders()));
    }

    @Test
    void everyContenderTakesPartSomewhere() {
        Set<Contender> asked = Claim.contendersOf(Set.of(Claim.values()));
        assertEquals(Set.of(Contender.values()), asked);
    }

    @Test
    void aStartAfterAKillIsColdAndHappensOnce() {
        Volume opened = Contender.SEMEL_OPEN_TWICE.volume();
        assertEquals(0, opened.warmUpOperations(AMOUNTS));
        assertEquals(1, opened.rounds(5));
        assertEquals(2 * (1 << 20) / 1024, opened.operations(AMOUNTS));
    }

    @Test
    void aSustainedRunIsWarmAfterAsMuchAsAnyOther() {
        Volume sustained = Contender.SEMEL_SUSTAINED.volume();
        assertEquals((1 << 20) / 100, sustained.operations(AMOUNTS));
        assertEquals(200, sustained.warmUpOperations(AMOUNTS));
        assertEquals(5, Contender.SEMEL_APPEND_BATCHED.volume().rounds(5));
    }
}
