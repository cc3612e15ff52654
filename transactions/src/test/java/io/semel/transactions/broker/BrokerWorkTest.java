package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.coordinator.Progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Background work that fails in one place goes on in all others. */
class BrokerWorkTest {
    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root).topics("a", "b");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private static void fail() {
        throw new IllegalStateException("made up");
    }

    private boolean isOpen(String topic) {
        return rig.broker().partition(topic, 0).stableOffset() < rig.broker().partition(topic, 0).readableOffset();
    }

    @Test
    void transactionalIdWhoseSweepFailsDoesNotHoldUpTheOthers() {
        Instance.open(rig, "t").begin().put("a", "x");
        Instance.open(rig, "u").begin().put("b", "x");
        // The first look is the round's own; the second one is that of the first id, on its way into the journal.
        rig.clock.atNextLook(() -> rig.clock.atNextLook(BrokerWorkTest::fail));
        rig.pass(Instance.TIMEOUT_MS + 1);
        assertTrue(isOpen("a") != isOpen("b"));
        rig.pass(1000);
        assertTrue(isOpen("a") != isOpen("b"), "the id that failed is left alone");
        Instance.open(rig, "t");
        Instance again = Instance.open(rig, "u");
        assertTrue(rig.nothingIsOpen());
        again.begin().put("a", "y");
        rig.pass(Instance.TIMEOUT_MS + 1);
        assertEquals(Progress.FENCED, again.commit());
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void coordinatorThatFailsDoesNotHoldUpThePartitions() {
        rig.clock.atNextLook(BrokerWorkTest::fail);
        rig.broker().doWork();
        Instance.open(rig, "t").begin().put("a", "x");
        rig.pass(Instance.TIMEOUT_MS + 1);
        assertTrue(rig.nothingIsOpen());
    }
}
