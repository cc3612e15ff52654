package io.semel.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import io.semel.transactions.coordinator.TransactionRules;
import io.semel.verify.protocol.ThreeTransactions.Delay;
import io.semel.verify.protocol.ThreeTransactions.Harm;
import io.semel.verify.protocol.ThreeTransactions.Rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * T7: every message of three transactions late or twice. All pairs of them: {@code ./semel verify protocol --delays}.
 */
class DelayedStepsTest {
    /**
     * What the older rules leave although the edge verifies: what is late meets the next transaction under way, in the
     * same epoch. It hangs nothing. A repeated batch does no harm by any rules (I3).
     */
    private static final List<String> RESIDUAL = List.of(
            "A1 again []",
            // Given up, and late: it takes the sequence of the next transaction's first batch, which then counts as its
            // retry.
            "A1 late [FOREIGN_RECORD, LOST_RECORD]",
            "A2 again []",
            "A2 late [FOREIGN_RECORD, LOST_RECORD]",
            "ADD again []",
            "ADD late []",
            "ADD_OFFSETS again []",
            "ADD_OFFSETS late []",
            "B again []",
            "B late [FOREIGN_RECORD, LOST_RECORD]",
            // Ends the next transaction early; what that still sends is refused.
            "END again [LOST_RECORD, WRONG_OFFSET]",
            "INIT again []",
            // Staged in the next transaction.
            "OFFSET again [WRONG_OFFSET]",
            "OFFSET late [WRONG_OFFSET]");

    private static final int OF_SO_MANY_PAIRS = 37;

    @Test
    void withANewEpochAtEveryEndNothingDelayedTouchesALaterTransaction() throws IOException {
        DelayedSteps steps = new DelayedSteps();
        assertEquals("", steps.run(OF_SO_MANY_PAIRS, done -> {
        }));
        assertTrue(steps.cases() > 900, () -> steps.cases() + " cases");
    }

    /** By the older rules nothing tells a late message of an ended transaction from one of the next. */
    @Test
    void withOneEpochTheResidualCasesAreThese() throws IOException {
        Map<String, Set<Harm>> residual = new TreeMap<>();
        DelayedSteps steps = new DelayedSteps();
        for (TransactionRules guessed : TransactionRules.values()) {
            for (Delay delay : Rules.ONE_EPOCH.delays()) {
                Set<Harm> harm = steps.next(Rules.ONE_EPOCH, guessed).play(List.of(delay));
                String kind = Rules.ONE_EPOCH.row().get(delay.index()).message() + (delay.isLate() ? " late"
                        : " again");
                residual.computeIfAbsent(kind, unused -> new TreeSet<>()).addAll(harm);
            }
        }
        List<String> table = new ArrayList<>();
        residual.forEach((kind, harm) -> table.add(kind + " " + harm));
        assertEquals(RESIDUAL, table);
    }
}
