package io.semel.idempotence;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** I4: who dies when, what is on the medium then, and who forgets it. */
class ProducerExpiryTest {
    private final ExpiryRig rig = new ExpiryRig();

    private long producer() {
        long id = rig.ids.tryIssue();
        assertEquals(Verdict.ADMIT, rig.write(0, id, 0, false));
        return id;
    }

    @Test
    void anIdThatNobodyUsesDiesInEveryPartitionAndIsForgotten() {
        long id = producer();
        rig.write(1, id, 0, false);
        ProducerState held = rig.places.get(1).states.find(id);
        rig.outlast();
        assertNull(rig.ids.find(id));
        assertEquals(Verdict.UNKNOWN, rig.write(0, id, 0, false));
        assertEquals(Verdict.UNKNOWN, rig.write(0, id, 1, false));
        assertEquals(Verdict.UNKNOWN, rig.write(2, id, 0, false), "sequence 0 where it never wrote");
        assertEquals(Verdict.UNKNOWN, rig.write(rig.places.get(1), held, 1, false), "a writer that is held");
        assertEquals(0, rig.ids.knownCount());
        assertNull(rig.places.get(0).states.find(id));
        assertEquals(Set.of(), rig.remembered(0));
    }

    @Test
    void anIdThatIsUsedLivesOn() {
        long id = producer();
        for (int sequence = 1; sequence < 40; sequence++) {
            rig.pass(ExpiryRig.EXPIRATION_MS / 2);
            assertEquals(Verdict.ADMIT, rig.write(0, id, sequence, false));
        }
    }

    @Test
    void aRetryIsAUseWhateverItsAnswerIs() {
        long id = producer();
        for (int round = 0; round < 20; round++) {
            rig.pass(ExpiryRig.EXPIRATION_MS / 2);
            assertEquals(Verdict.DUPLICATE, rig.write(0, id, 0, false));
            rig.pass(ExpiryRig.EXPIRATION_MS / 2);
            assertEquals(Verdict.GAP, rig.write(0, id, 9, false));
        }
    }

    @Test
    void anIdWithATransactionOpenAnywhereLivesOnAndDiesAfterIt() {
        long id = producer();
        rig.write(2, id, 0, true);
        rig.outlast();
        rig.outlast();
        assertEquals(Verdict.ADMIT, rig.write(2, id, 1, true));
        rig.mark(2, id);
        rig.outlast();
        assertNull(rig.ids.find(id));
    }

    @Test
    void anIdOfATransactionalIdDoesNotDieByItself() {
        long id = producer();
        rig.ids.find(id).own();
        rig.outlast();
        rig.outlast();
        assertTrue(rig.ids.find(id).isAlive());
    }

    /** I4b: a partition that forgot beside one that remembers would take sequence 0 once more. */
    @Test
    void nothingIsForgottenBeforeTheDeathIsOnTheMedium() {
        long id = producer();
        rig.isForced = false;
        rig.outlast();
        assertEquals(Verdict.UNKNOWN, rig.write(0, id, 1, false), "refused already");
        assertEquals(Set.of(id), rig.remembered(0));
        assertEquals(0, rig.places.get(0).states.find(id).rememberedFrom(), "compaction keeps what it wrote");
        rig.open();
        assertEquals(Verdict.ADMIT, rig.write(0, id, 1, false), "the record was lost, and so was the death");
        assertEquals(Verdict.DUPLICATE, rig.write(0, id, 0, false));
    }

    @Test
    void aDeadIdStaysDeadThoughEveryLogStillHoldsItsBatches() {
        long id = producer();
        rig.outlast();
        for (int opening = 0; opening < 3; opening++) {
            rig.open();
            assertNull(rig.ids.find(id));
            assertEquals(Verdict.UNKNOWN, rig.write(0, id, 0, false));
            assertEquals(Verdict.UNKNOWN, rig.write(1, id, 0, false));
            rig.settle();
            assertEquals(0, rig.ids.knownCount(), "recovery knew it until it was forgotten");
            assertEquals(Set.of(), rig.remembered(0));
        }
    }

    @Test
    void anIdThatAnotherOneReplacedIsForgottenTooAndNotOnlyTheLastOne() {
        long[] replaced = {producer(), producer(), producer()};
        for (long id : replaced) {
            rig.ids.retire(rig.ids.find(id), "replaced");
        }
        rig.settle();
        assertEquals(0, rig.ids.knownCount());
        rig.open();
        for (long id : replaced) {
            assertNull(rig.ids.find(id));
        }
    }

    @Test
    void aJournalThatRefusesIsAskedAgain() {
        long id = producer();
        rig.refuses = true;
        rig.outlast();
        assertEquals(Set.of(id), rig.remembered(0));
        rig.refuses = false;
        rig.settle();
        rig.settle();
        assertEquals(Set.of(), rig.remembered(0));
    }

    @Test
    void aClockThatIsSetBackLetsNobodyDieEarlyAndTheLooksGoOn() {
        long idle = producer();
        rig.pass(ExpiryRig.EXPIRATION_MS / 2);
        rig.nowMs -= 100 * ExpiryRig.EXPIRATION_MS;
        rig.pass(0);
        rig.pass(ExpiryRig.EXPIRATION_MS - 1);
        assertTrue(rig.ids.find(idle).isAlive(), "it counts anew");
        rig.outlast();
        assertNull(rig.ids.find(idle));
    }

    @Test
    void afterAnOpeningTheOwnerOfAnOldIdHasTheTimeOfALookToKnock() {
        long id = producer();
        rig.nowMs += 100 * ExpiryRig.EXPIRATION_MS;
        rig.open();
        rig.settle();
        assertTrue(rig.ids.find(id).isAlive());
        assertEquals(Verdict.DUPLICATE, rig.write(0, id, 0, false));
        rig.pass(ExpiryRig.EXPIRATION_MS / 2);
        assertTrue(rig.ids.find(id).isAlive());
        rig.outlast();
        assertNull(rig.ids.find(id));
    }

    /** Else a directory that is opened every day would fill up with the ids of all days. */
    @Test
    void timeInWhichTheDirectoryWasClosedCounts() {
        long id = producer();
        rig.nowMs += 10 * ExpiryRig.EXPIRATION_MS;
        rig.open();
        rig.settle();
        rig.pass(ExpiryRig.EXPIRATION_MS / 10);
        assertNull(rig.ids.find(id));
    }

    /** In steps of some ids each, as the conductor takes them. */
    private void lookAtAll() {
        for (int step = 0; step < ProducerIds.MAX_IDS / 32; step++) {
            rig.expiry.doWork();
        }
    }

    @Test
    void deadIdsMakeRoomForNewOnes() {
        for (int count = 0; count < ProducerIds.MAX_IDS; count++) {
            rig.ids.tryIssue();
        }
        assertThrows(ProducerLimitException.class, rig.ids::tryIssue);
        lookAtAll();
        rig.nowMs += 2 * ExpiryRig.EXPIRATION_MS;
        long working = ProducerIds.MAX_IDS / 2;
        rig.ids.find(working).use();
        lookAtAll();
        assertEquals(1, rig.ids.knownCount());
        assertTrue(rig.ids.find(working).isAlive());
        assertEquals(ProducerIds.MAX_IDS, rig.ids.tryIssue());
    }
}
