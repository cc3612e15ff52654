package io.semel.verify.protocol;

import org.junit.jupiter.api.Test;

/** I1, I3, I5: stories of sequences, epochs and producer ids; {@link Script} teaches how to read them. */
class ProducerStoriesTest {
    /** Row 6, redpanda 5026: the id and sequence of an aborted batch, by the next epoch, are a new write. */
    @Test
    void theSameSequenceAfterAnAbortIsANewWrite() {
        Script.play("""
                topics orders
                A opens billing
                A begins
                A sends A1 to orders -> offset 0
                A sends A2 to orders -> offset 1
                A sends A3 to orders -> offset 2
                B opens billing                       # the same producer id, at sequence 0 again
                B begins
                B sends B1 to orders -> offset 4
                B sends B1 to orders again -> offset 4
                B loses B2 on the way to orders
                B sends B3 to orders -> sequence gap  # and not a retry of A3, which has its sequence
                B sends B2 to orders again -> offset 5
                B sends B3 to orders again -> offset 6
                B commits
                the process dies
                ----
                orders: ~A1 ~A2 ~A3 abort(billing@1) B1 B2 B3 commit(billing@2) |
                ----
                C opens billing
                C begins
                C sends C1 to orders -> offset 8
                C loses C2 on the way to orders
                C sends C3 to orders -> sequence gap
                C commits
                ----
                orders: ~A1 ~A2 ~A3 abort(billing@1) B1 B2 B3 commit(billing@2) C1 commit(billing@3) |
                """);
    }

    @Test
    void theLastFiveBatchesAreRememberedAcrossACrash() {
        Script.play("""
                topics orders
                P gets an id
                P sends P1 P2 to orders -> offset 0
                P sends P3 to orders -> offset 2
                P sends P4 to orders -> offset 3
                P sends P5 to orders -> offset 4
                P sends P6 to orders -> offset 5
                P sends P7 to orders -> offset 6
                P sends P3 to orders again -> offset 2
                the process dies
                P sends P3 to orders again -> offset 2
                P sends P7 to orders again -> offset 6
                P sends P1 P2 to orders again -> duplicate, original forgotten
                P sends P8 to orders -> offset 7
                ----
                orders: P1 P2 P3 P4 P5 P6 P7 P8 |
                """);
    }

    /** Row 7, KAFKA-5793: a producer outlives its records. */
    @Test
    void sequencesGoOnAfterTheRecordsAreDeleted() {
        Script.play("""
                topics orders
                P gets an id
                P sends P1 P2 P3 to orders
                records of orders before 3 are deleted
                P sends P1 P2 P3 to orders again -> offset 0
                the directory is closed and opened
                P sends P1 P2 P3 to orders again -> offset 0
                P sends P4 to orders -> offset 3
                the process dies
                P sends P4 to orders again -> offset 3
                P sends P5 to orders -> offset 4
                ----
                orders: ..3 P4 P5 |
                """);
    }

    /** Row 5, KAFKA-18660: behind the last epoch comes another producer id, and one epoch is kept to fence with. */
    @Test
    void behindTheLastEpochComesANewProducerId() {
        Script.play("""
                topics orders
                32766 owners of billing come and go
                A opens billing
                A begins
                A sends A1 to orders
                B opens billing
                A sends A2 to orders -> unknown producer
                A commits -> fenced
                B begins
                B sends B1 to orders
                B commits
                the process dies
                ----
                orders: ~A1 abort(billing@32767) B1 commit(billing@0) |
                """);
    }

    /** Row 5, KAFKA-19367. */
    @Test
    void theLastEpochIsHandedToNobody() {
        Script.play("""
                topics orders
                32767 owners of billing come and go
                A opens billing
                A begins
                A sends A1 to orders
                A commits
                ----
                orders: A1 commit(billing@0) |
                """);
    }

    /** Row 5, KAFKA-9666: a take-over that has to wait raised the epoch each time that it was asked for. */
    @Test
    void aTakeOverThatIsAskedForAgainRaisesTheEpochOnce() {
        Script.play("""
                durability POWER
                topics orders
                A opens billing -> pending            # a block of producer ids must be on the medium first
                all logs are forced
                A opens billing -> pending            # and then its epoch
                A opens billing -> pending
                A opens billing -> pending
                journal is forced
                A opens billing
                A begins
                A sends A1 to orders
                B opens billing -> pending            # what A left open must be aborted first
                B opens billing -> pending
                journal is forced
                B opens billing -> pending            # marked, and the marker is needed on the medium
                B opens billing -> pending
                orders is forced
                B opens billing -> pending            # its own epoch, too
                B opens billing -> pending
                journal is forced
                B opens billing
                ----
                orders: ~A1 abort(billing@1) | ^
                journal: billing@0:EMPTY billing@1:PREPARE_ABORT billing@2:EMPTY
                """);
    }
}
