package io.semel.verify.protocol;

import org.junit.jupiter.api.Test;

/**
 * T1, T8: stories of a process that dies, or its power, at each step of a commit; {@link Script} teaches how to read
 * them.
 */
class CrashStoriesTest {
    private static final String WRITTEN_IN_POWER = """
            durability POWER
            topics orders payments
            A opens billing -> pending            # a block of producer ids
            all logs are forced
            A opens billing -> pending            # its epoch
            journal is forced
            A opens billing
            A begins
            A sends A1 to orders
            A sends A2 to payments
            orders is forced
            """;

    @Test
    void crashBeforeTheDecisionAborts() {
        Script.play(WRITTEN_IN_POWER + """
                A commits -> pending                  # payments is not on the medium: nothing is decided
                A asks what became of it -> undecided
                ----
                orders: | A1 ^
                payments: | ^ A2
                journal: billing@0:EMPTY
                ----
                the process dies
                all logs are forced
                ----
                orders: ~A1 abort(billing@0) | ^
                payments: ~A2 abort(billing@0) | ^
                journal: billing@0:EMPTY
                """);
    }

    @Test
    void crashBehindTheDecisionCommits() {
        Script.play(WRITTEN_IN_POWER + """
                payments is forced
                A commits -> pending                  # decided, and the decision is not on the medium
                A asks what became of it -> unknown
                ----
                orders: | A1 ^
                payments: | A2 ^
                journal: billing@0:EMPTY billing@0:PREPARE_COMMIT
                ----
                the process dies                      # the kernel lives, so the decision does
                all logs are forced
                ----
                orders: A1 commit(billing@0) | ^
                payments: A2 commit(billing@0) | ^
                """);
    }

    @Test
    void powerFailureBehindAForcedDecisionCommits() {
        Script.play(WRITTEN_IN_POWER + """
                payments is forced
                A commits -> pending
                journal is forced
                A asks what became of it -> committed
                the power fails
                all logs are forced
                ----
                orders: A1 commit(billing@0) | ^
                payments: A2 commit(billing@0) | ^
                """);
    }

    @Test
    void crashBetweenTheMarkersPutsTheMissingOneThere() {
        Script.play(WRITTEN_IN_POWER + """
                payments is forced
                A commits -> pending
                journal is forced
                A is busy in payments
                A commits -> pending                  # marked in orders, not in payments
                all logs are forced
                ----
                orders: A1 commit(billing@0) | ^
                payments: | A2 ^
                ----
                the power fails
                all logs are forced
                ----
                orders: A1 commit(billing@0) | ^
                payments: A2 commit(billing@0) | ^
                """);
    }

    /** Row 2, KAFKA-9777: between decision and completion nobody must be needed. */
    @Test
    void aDecisionIsCarriedOutThoughItsOwnerNeverComesBack() {
        Script.play(WRITTEN_IN_POWER + """
                payments is forced
                A commits -> pending
                journal is forced
                A is busy in payments
                A commits -> pending
                16 min pass                           # what is decided does not time out
                all logs are forced
                ----
                orders: A1 commit(billing@0) | ^
                payments: | A2 ^
                ----
                A is free again
                10 ms pass
                all logs are forced
                ----
                orders: A1 commit(billing@0) | ^
                payments: A2 commit(billing@0) | ^
                """);
    }

    /** Row 8, KAFKA-19999: the marker that is asked for again finds nothing to end, and that is well. */
    @Test
    void crashBeforeTheCompletionWritesNoMarkerTwice() {
        Script.play("""
                topics orders payments
                A opens billing
                A begins
                A sends A1 to orders
                A sends A2 to payments
                A commits
                the process dies
                ----
                orders: A1 commit(billing@0) |
                payments: A2 commit(billing@0) |
                journal: billing@0:EMPTY billing@0:PREPARE_COMMIT
                ----
                the process dies
                1 s pass
                ----
                orders: A1 commit(billing@0) |
                payments: A2 commit(billing@0) |
                journal: billing@0:EMPTY billing@0:PREPARE_COMMIT billing@0:COMPLETE_COMMIT
                ----
                B opens billing
                B begins
                B sends B1 to orders
                the process dies                      # the decision before must not end what B left open
                ----
                orders: A1 commit(billing@0) ~B1 abort(billing@1) |
                """);
    }

    /** Row 3, KAFKA-18575: the next transaction began while the last one was being completed, and was ended with it. */
    @Test
    void noTransactionBeginsBeforeTheLastOneHasItsMarkers() {
        Script.play(WRITTEN_IN_POWER + """
                payments is forced
                A commits -> pending
                A begins -> invalid state
                journal is forced
                A is busy in payments
                A commits -> pending
                A begins -> invalid state
                A is free again
                A commits
                A begins
                A sends A3 to orders
                orders is forced
                A commits -> pending                  # payments' marker is not on the medium: the decision before is needed
                ----
                orders: A1 commit(billing@0) | A3 ^
                payments: A2 | ^ commit(billing@0)
                journal: billing@0:EMPTY billing@0:PREPARE_COMMIT
                ----
                payments is forced
                A commits -> pending
                journal is forced
                A commits
                all logs are forced
                ----
                orders: A1 commit(billing@0) A3 commit(billing@0) | ^
                payments: A2 commit(billing@0) | ^
                journal: billing@0:EMPTY billing@0:PREPARE_COMMIT billing@0:PREPARE_COMMIT
                """);
    }

    /** Row 3: a decision names its transaction by where that began, so carried out once more it ends no other. */
    @Test
    void aDecisionThatIsCarriedOutAgainDoesNotEndALaterTransaction() {
        Script.play("""
                topics orders
                A opens billing
                A begins
                A sends A1 to orders
                A commits
                A begins
                A sends A2 to orders
                the process dies                      # the last that the journal says is: commit
                ----
                orders: A1 commit(billing@0) ~A2 abort(billing@0) |
                journal: billing@0:EMPTY billing@0:PREPARE_COMMIT
                """);
    }
}
