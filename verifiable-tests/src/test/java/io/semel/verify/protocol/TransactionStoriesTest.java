package io.semel.verify.protocol;

import org.junit.jupiter.api.Test;

/**
 * T1, T6, T8: stories of transactions that meet others, their deadline or their end twice; {@link Script} teaches how
 * to read them.
 */
class TransactionStoriesTest {
    @Test
    void aCommitShowsAllPartitionsAtOnceAndIsCompletedLater() {
        Script.play("""
                topics orders payments
                A opens billing
                A begins
                A sends A1 A2 to orders -> offset 0
                A sends A3 to payments -> offset 0
                ----
                orders: | A1 A2
                payments: | A3
                uncommitted orders: A1 A2
                journal: billing@0:EMPTY              # that a transaction is open is known from the partitions
                ----
                A commits
                ----
                orders: A1 A2 commit(billing@0) |
                payments: A3 commit(billing@0) |
                journal: billing@0:EMPTY billing@0:PREPARE_COMMIT
                ----
                1 s pass
                ----
                journal: billing@0:EMPTY billing@0:PREPARE_COMMIT billing@0:COMPLETE_COMMIT
                """);
    }

    @Test
    void theOlderOfTwoTransactionsHoldsTheStableOffset() {
        Script.play("""
                topics orders
                A opens billing
                B opens shop
                A begins
                B begins
                A sends A1 to orders
                B sends B1 to orders
                B commits
                ----
                orders: | A1 B1 commit(shop@0)
                ----
                A aborts
                ----
                orders: ~A1 B1 commit(shop@0) abort(billing@0) |
                uncommitted orders: A1 B1             # row 14: who reads all is told of no aborted transaction
                """);
    }

    @Test
    void aZombieIsFencedAndLearnsThatItsTransactionIsAborted() {
        Script.play("""
                topics orders
                A opens billing
                A begins
                A sends A1 to orders
                B opens billing
                A sends A2 to orders -> fenced
                A commits -> fenced
                A aborts -> fenced
                A begins -> fenced
                A asks what became of it -> aborted
                ----
                orders: ~A1 abort(billing@1) |
                ----
                B begins
                B sends B1 to orders
                A commits -> fenced                   # and does not end what B has open
                B commits
                ----
                orders: ~A1 abort(billing@1) B1 commit(billing@2) |
                """);
    }

    @Test
    void ofThreeOwnersInARowOnlyTheLastIsHeard() {
        Script.play("""
                topics orders payments
                A opens billing
                A begins
                A sends A1 to orders
                B opens billing
                B begins
                B sends B1 to orders
                B sends B2 to payments
                C opens billing
                A sends A2 to orders -> fenced
                B sends B3 to orders -> fenced
                B commits -> fenced
                C begins
                C sends C1 to orders
                C commits
                A asks what became of it -> aborted
                B asks what became of it -> aborted
                ----
                orders: ~A1 abort(billing@1) ~B1 abort(billing@3) C1 commit(billing@4) |
                payments: ~B2 abort(billing@3) |
                """);
    }

    /** Row 1, KAFKA-12671: data that lands behind the abort opens a transaction that nobody ends. */
    @Test
    void aBatchThatIsLateAfterTheAbortNeverLands() {
        Script.play("""
                topics orders payments
                A opens billing
                A begins
                A sends A1 to orders
                an operator aborts billing
                A sends A2 to orders -> fenced
                A sends A1 to orders again -> fenced
                A sends A3 to payments -> fenced      # where it never wrote before
                A asks what became of it -> aborted
                16 min pass
                ----
                orders: ~A1 abort(billing@1) |
                payments: |
                """);
    }

    @Test
    void aTransactionThatIsOpenTooLongIsAbortedAndItsOwnerFenced() {
        Script.play("""
                topics orders
                A opens billing for 5 s
                B opens shop for 1 min
                A begins
                B begins
                A sends A1 to orders
                B sends B1 to orders
                5 s pass
                ----
                orders: | A1 B1
                ----
                10 ms pass
                ----
                orders: ~A1 | B1 abort(billing@1)
                ----
                A sends A2 to orders -> fenced
                A commits -> fenced
                B commits
                ----
                orders: ~A1 B1 abort(billing@1) commit(shop@0) |
                """);
    }

    /** Row 25, spring-kafka 660: a producer died of having nothing to do for seven days. */
    @Test
    void anOwnerThatIdlesForWeeksIsNeitherFencedNorForgotten() {
        Script.play("""
                topics orders
                A opens billing for 5 s
                7 days pass                           # before its first transaction
                A begins
                A sends A1 to orders
                A commits
                8 days pass                           # and between two
                A begins
                A sends A2 to orders
                A commits
                ----
                orders: A1 commit(billing@0) A2 commit(billing@0) |
                """);
    }

    // ---- ends

    /** Row 4, ydb 51053. */
    @Test
    void anEmptyTransactionEndsAndLeavesNothingBehind() {
        Script.play("""
                topics orders
                A opens billing
                A begins
                A commits
                A begins
                A touches orders                      # added, and never written to
                A aborts
                A begins
                A touches orders
                A commits
                A commits
                A asks what became of it -> committed
                ----
                orders: |
                journal: billing@0:EMPTY
                """);
    }

    /** Row 8, KAFKA-19999: whoever did not hear the answer asks again. */
    @Test
    void anEndThatIsAskedForAgainSucceedsAndItsOppositeDoesNot() {
        Script.play("""
                topics orders
                A opens billing
                A commits -> invalid state            # nothing was begun
                A begins
                A begins -> invalid state
                A sends A1 to orders
                A commits
                A commits
                A aborts -> invalid state
                A asks what became of it -> committed
                A begins
                A sends A2 to orders
                A aborts
                A aborts
                A commits -> invalid state
                A asks what became of it -> aborted
                ----
                orders: A1 commit(billing@0) ~A2 abort(billing@0) |
                """);
    }

    @Test
    void aTopicThatIsDeletedInMidTransactionIsNotWaitedFor() {
        Script.play("""
                topics orders payments
                A opens billing
                A begins
                A sends A1 to orders
                A sends A2 to payments
                topic orders is deleted
                topics orders                         # another one of that name
                A commits
                the process dies
                ----
                orders: |
                payments: A2 commit(billing@0) |
                """);
    }
}
