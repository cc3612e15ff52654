package io.semel.verify.protocol;

import org.junit.jupiter.api.Test;

/** G1: stories of offsets in transactions and beside them; {@link Script} teaches how to read them. */
class OffsetStoriesTest {
    /** Row 12, KAFKA-9346: who asks for an offset learns that a transaction is about to change it. */
    @Test
    void anOffsetIsCommittedWithItsTransactionAndUnstableUntilThen() {
        Script.play("""
                topics orders
                group copiers commits 3
                A opens copy
                A begins
                A sends A1 to orders
                A stages 7 for copiers
                ----
                group copiers: 3 unstable
                orders: | A1
                ----
                A commits
                ----
                group copiers: 7
                orders: A1 commit(copy@0) |
                ----
                A begins
                A stages 9 for copiers
                A aborts
                ----
                group copiers: 7
                ----
                A begins
                A stages 9 for copiers
                the process dies
                ----
                group copiers: 7
                """);
    }

    @Test
    void aZombieStagesNoOffsetAndWhatItStagedIsGone() {
        Script.play("""
                topics orders
                A opens copy
                A begins
                A stages 7 for copiers
                B opens copy
                A stages 8 for copiers -> invalid producer epoch
                ----
                group copiers: none
                ----
                B begins
                B stages 5 for copiers
                B commits
                ----
                group copiers: 5
                """);
    }

    /** Row 11, KAFKA-14505: of two commits the one that stands later in the log holds, live and replayed. */
    @Test
    void ofAStagedAndAPlainOffsetTheLaterInTheLogHolds() {
        Script.play("""
                A opens copy
                A begins
                A stages 7 for copiers
                group copiers commits 5               # behind it in the log, and visible before it
                ----
                group copiers: 5 unstable
                ----
                A commits
                ----
                group copiers: 5
                ----
                the process dies
                ----
                group copiers: 5
                ----
                group copiers commits 6
                B opens copy
                B begins
                B stages 8 for copiers
                B commits
                the process dies
                ----
                group copiers: 8
                """);
    }

    /**
     * Row 11, KAFKA-5247: what is deleted while a transaction holds another offset neither loses that nor comes back.
     */
    @Test
    void aGroupThatIsDeletedInMidTransactionStaysDeleted() {
        Script.play("""
                group copiers commits 3
                A opens copy
                A begins
                A stages 7 for copiers
                group copiers is deleted
                ----
                group copiers: none unstable
                ----
                A commits
                ----
                group copiers: none
                ----
                the process dies
                ----
                group copiers: none
                ----
                B opens copy
                B begins
                group copiers commits 4
                group copiers is deleted
                B stages 8 for copiers                # behind the deletion
                B commits
                ----
                group copiers: 8
                ----
                the process dies
                ----
                group copiers: 8
                """);
    }
}
