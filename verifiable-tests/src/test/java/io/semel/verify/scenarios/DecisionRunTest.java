package io.semel.verify.scenarios;

import org.junit.jupiter.api.Test;

import io.semel.verify.scenarios.worker.DecisionStep;

import static org.junit.jupiter.api.Assertions.assertEquals;

class DecisionRunTest {
    @Test
    void aCommitAndAnAbortDieAtEveryStep() {
        assertEquals(2 * DecisionStep.values().length, DecisionRun.CASES);
    }
}
