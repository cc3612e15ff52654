package io.semel.verify.history;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.semel.client.DeliverySemantics;
import io.semel.verify.history.Anomaly.Extent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AnomalyTest {
    private static Set<Anomaly> allowed(DeliverySemantics semantics, Extent extent) {
        return Arrays.stream(Anomaly.values()).filter(anomaly -> !anomaly.isForbidden(semantics, extent)).collect(
                Collectors.toSet());
    }

    /**
     * Kafka isolates no writes: any two transactions may interleave. A plain consumer of committed records may repeat.
     */
    @Test
    void exactlyOnceAllowsInterleavedWritesAndRepeatsThatChangeNothing() {
        assertEquals(EnumSet.of(Anomaly.GROUP_REPEAT, Anomaly.G0, Anomaly.G1C_WITH_WRITES), allowed(
                DeliverySemantics.EXACTLY_ONCE, Extent.COMPLETE));
    }

    @Test
    void atLeastOnceRepeatsAndNeverLoses() {
        Set<Anomaly> allowed = allowed(DeliverySemantics.AT_LEAST_ONCE, Extent.COMPLETE);
        assertTrue(allowed.containsAll(EnumSet.of(Anomaly.DUPLICATE, Anomaly.GROUP_REPEAT, Anomaly.CONSUMED_TWICE)));
        assertFalse(allowed.contains(Anomaly.LOST_WRITE));
        assertFalse(allowed.contains(Anomaly.ONE_SEND_TWICE));
        assertFalse(allowed.contains(Anomaly.FAILED_SEND_READ));
        assertFalse(allowed.contains(Anomaly.GROUP_SKIP));
        assertFalse(allowed.contains(Anomaly.UNSEEN));
    }

    @Test
    void atMostOnceLosesAndNeverRepeats() {
        Set<Anomaly> allowed = allowed(DeliverySemantics.AT_MOST_ONCE, Extent.COMPLETE);
        assertTrue(allowed.containsAll(EnumSet.of(Anomaly.LOST_WRITE, Anomaly.UNSEEN, Anomaly.GROUP_SKIP)));
        assertFalse(allowed.contains(Anomaly.DUPLICATE));
        assertFalse(allowed.contains(Anomaly.GROUP_REPEAT));
    }

    @Test
    void whatIsUnseenIsMissingOnlyWhereConsumersHadEverything() {
        assertTrue(Anomaly.UNSEEN.isForbidden(DeliverySemantics.EXACTLY_ONCE, Extent.COMPLETE));
        assertFalse(Anomaly.UNSEEN.isForbidden(DeliverySemantics.EXACTLY_ONCE, Extent.CUT_SHORT));
    }
}
