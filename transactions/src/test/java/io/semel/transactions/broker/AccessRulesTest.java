package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.records.AccessEntry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** ACLs as the directory keeps them. */
class AccessRulesTest {
    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root);
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private AccessRules rules() {
        return rig.broker().accessRules();
    }

    private static AccessEntry allowing(String principal) {
        return new AccessEntry((byte) 2, AccessEntry.LITERAL, "orders", principal, AccessEntry.ANYTHING, (byte) 3,
                AccessEntry.ALLOW);
    }

    @Test
    void whatIsAddedAndRemovedSurvivesACrash() throws IOException {
        Random random = new Random(1);
        Set<AccessEntry> expected = new HashSet<>();
        for (int step = 1; step <= 60; step++) {
            AccessEntry entry = allowing("User:" + random.nextInt(8));
            if (random.nextBoolean()) {
                rules().add(entry);
                expected.add(entry);
            } else {
                assertEquals(expected.remove(entry), rules().remove(entry));
            }
            assertEquals(expected, rules().inForce());
            if (step % 20 == 0) {
                rig.crash();
                assertEquals(expected, rules().inForce());
            }
        }
    }

    @Test
    void whatIsInForceIsAnotherObjectOnlyAfterAChange() throws IOException {
        rules().add(allowing("User:x"));
        Set<AccessEntry> before = rules().inForce();
        rules().add(allowing("User:x"));
        assertFalse(rules().remove(allowing("User:y")));
        assertSame(before, rules().inForce());
        rules().remove(allowing("User:x"));
        assertNotSame(before, rules().inForce());
        assertEquals(Set.of(allowing("User:x")), before);
    }

    @Test
    void eachChangeIsForcedBeforeItIsInForce() throws IOException {
        long before = rig.disk.forcesOf(TopicName.METADATA);
        rules().add(allowing("User:x"));
        assertEquals(before + 1, rig.disk.forcesOf(TopicName.METADATA));
        rig.disk.refuseForces(TopicName.METADATA);
        assertThrows(IOException.class, () -> rules().add(allowing("User:y")));
        assertEquals(Set.of(allowing("User:x")), rules().inForce());
        rig.disk.heal();
        rig.crash();
        assertTrue(rules().inForce().contains(allowing("User:x")));
    }
}
