package io.semel.idempotence;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProducerIdsTest {
    private final Journal journal = new Journal();

    @Test
    void idsAscendAcrossBlocks() {
        ProducerIds ids = new ProducerIds(journal, 0);
        for (long expected = 0; expected < 3 * ProducerIds.BLOCK_SIZE; expected++) {
            assertEquals(expected, ids.tryIssue());
        }
        assertEquals(3, journal.appends);
    }

    @Test
    void noIdIsIssuedBeforeItsBlockIsAcknowledged() {
        journal.acknowledgesAtOnce = false;
        ProducerIds ids = new ProducerIds(journal, 0);
        for (int attempt = 0; attempt < 5; attempt++) {
            assertEquals(ProducerIds.NOT_YET, ids.tryIssue());
        }
        assertEquals(1, journal.appends, "asked once, not at every attempt");
        journal.acknowledged = 1;
        assertEquals(0, ids.tryIssue());
    }

    @Test
    void aJournalThatRefusesIsAskedAgain() {
        journal.refuses = true;
        ProducerIds ids = new ProducerIds(journal, 0);
        assertEquals(ProducerIds.NOT_YET, ids.tryIssue());
        journal.refuses = false;
        assertEquals(0, ids.tryIssue());
    }

    /** I4: whatever of a block was issued, acknowledged or not, a restart goes on behind the journal's last value. */
    @Test
    void noIdIsIssuedAgainAfterARestart() {
        Set<Long> issued = new HashSet<>();
        for (int restart = 0; restart < 20; restart++) {
            ProducerIds ids = new ProducerIds(journal, journal.nextUnissued);
            journal.acknowledgesAtOnce = restart % 3 != 0;
            for (int count = 0; count < restart * 70; count++) {
                long id = ids.tryIssue();
                if (id == ProducerIds.NOT_YET) {
                    break;
                }
                assertTrue(issued.add(id), "issued again: " + id);
            }
        }
    }

    @Test
    void anIdThatALogKnowsIsPassedOverWhenTheJournalLostIt() {
        ProducerIds ids = new ProducerIds(journal, 0);
        ids.revive(1, (short) 4);
        ids.revive(2, (short) 0);
        assertEquals(0, ids.tryIssue());
        assertEquals(3, ids.tryIssue());
        assertEquals(4, ids.find(1).epoch());
    }

    @Test
    void aRetiredIdIsNotFoundAndNeverRevived() {
        ProducerIds ids = new ProducerIds(journal, 0);
        long id = ids.tryIssue();
        assertNotNull(ids.find(id));
        assertEquals(1, ids.liveCount());
        ids.find(id).retire("expired");
        assertNull(ids.find(id));
        assertEquals(0, ids.liveCount());
        assertFalse(ids.revive(id, (short) 9).isAlive());
        assertNull(ids.find(id));
    }

    @Test
    void anEpochNeverGoesBack() {
        ProducerIdentity identity = new ProducerIds(journal, 0).revive(5, (short) 3);
        identity.raise((short) 2, "older");
        assertEquals(3, identity.epoch());
        identity.raise(Short.MAX_VALUE, "last");
        assertEquals(Short.MAX_VALUE, identity.epoch());
        assertEquals("last", identity.fencedBecause());
    }

    @Test
    void everyEpochIsToldWhatFencedItFirst() {
        ProducerIdentity identity = new ProducerIds(journal, 0).revive(5, (short) 0);
        for (short epoch = 1; epoch <= Fences.REMEMBERED + 1; epoch++) {
            identity.raise(epoch, "fence " + epoch);
        }
        identity.raise((short) 20, "fence 20");
        String last = "fence 20";
        assertEquals(last, identity.fencedBecause((short) 0), "forgotten");
        assertEquals("fence 3", identity.fencedBecause((short) 2));
        assertEquals("fence 6", identity.fencedBecause((short) 5));
        assertEquals(last, identity.fencedBecause((short) 6));
        assertEquals(last, identity.fencedBecause((short) 12));
        identity.retire("retired");
        assertEquals("fence 6", identity.fencedBecause((short) 5));
        assertEquals("retired", identity.fencedBecause((short) 20));
    }
}
