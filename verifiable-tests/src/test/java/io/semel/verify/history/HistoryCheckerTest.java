package io.semel.verify.history;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static io.semel.verify.history.Event.aborted;
import static io.semel.verify.history.Event.assigned;
import static io.semel.verify.history.Event.begun;
import static io.semel.verify.history.Event.committed;
import static io.semel.verify.history.Event.crashed;
import static io.semel.verify.history.Event.outcomeUnknown;
import static io.semel.verify.history.Event.polled;
import static io.semel.verify.history.Event.rebalanced;
import static io.semel.verify.history.Event.sendBegun;
import static io.semel.verify.history.Event.sendFailed;
import static io.semel.verify.history.Event.sendUnknown;
import static io.semel.verify.history.Event.sent;
import static io.semel.verify.history.Event.subscribed;
import static io.semel.verify.history.SmallHistories.assertClean;
import static io.semel.verify.history.SmallHistories.assertFinds;
import static io.semel.verify.history.SmallHistories.joined;
import static io.semel.verify.history.SmallHistories.x;
import static io.semel.verify.history.SmallHistories.y;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * For each anomaly a small history that has it and nothing else, with the events that must be told; and beside it the
 * nearest history without it. Processes P and Q send, C and D poll, T and U do both in transactions; partitions are x
 * and y.
 */
class HistoryCheckerTest {
    // ------------------------------------------------------------ what a partition holds

    @Test
    void anOffsetHasOneValueForAllPolls() {
        assertFinds(Anomaly.INCONSISTENT_OFFSET, List.of(0, 1), polled("C", x(0, "a")), polled("D", x(0, "b")));
        assertClean(polled("C", x(0, "a")), polled("D", x(0, "a")));
    }

    @Test
    void anOffsetHasOneValueForItsSenderAndAPoll() {
        assertFinds(Anomaly.INCONSISTENT_OFFSET, List.of(0, 2), sent("P", "x", 0, "a"), polled("C", x(0, "a")), polled(
                "D", x(0, "b")));
        assertClean(sent("P", "x", 0, "a"), polled("C", x(0, "a")), polled("D", x(0, "a")));
    }

    @Test
    void anOffsetOfAnAbortedTransactionIsNotGivenAgain() {
        assertFinds(Anomaly.INCONSISTENT_OFFSET, List.of(1, 3), begun("T"), sent("T", "x", 0, "a"), aborted("T"),
                sent("P", "x", 0, "b"), polled("C", x(0, "b")));
        assertClean(begun("T"), sent("T", "x", 0, "a"), aborted("T"), sent("P", "x", 2, "b"), polled("C", x(2, "b")));
    }

    @Test
    void aValueIsThereOnce() {
        assertFinds(Anomaly.DUPLICATE, List.of(0, 0), polled("C", x(0, "a"), x(1, "a")));
        assertFinds(Anomaly.DUPLICATE, List.of(1, 1), sent("P", "x", 0, "a"), polled("C", x(0, "a"), x(1, "a")));
        assertClean(polled("C", x(0, "a"), x(1, "b")));
    }

    @Test
    void aValueSentAgainAfterAnAbortIsNoDuplicate() {
        assertFinds(Anomaly.DUPLICATE, List.of(6, 6), begun("T"), sent("T", "x", 0, "a"), committed("T"), begun("T"),
                sent(
                        "T", "x", 2, "a"), committed("T"), polled("C", x(0, "a"), x(2, "a")));
        assertClean(begun("T"), sent("T", "x", 0, "a"), aborted("T"), begun("T"), sent("T", "x", 2, "a"), committed(
                "T"), polled("C", x(2, "a")));
    }

    /** Its producer sent it again by itself, and it was taken for another. */
    @Test
    void oneSendIsThereOnceWhereEverySendIsAnnounced() {
        Event a = sendBegun("P", "x", "a");
        Event both = polled("C", x(0, "a"), x(1, "a"));
        assertFinds(Anomaly.ONE_SEND_TWICE, List.of(2, 2), a, sendUnknown("P", "x", "a"), both);
        assertFinds(Anomaly.ONE_SEND_TWICE, List.of(2, 2), a, sent("P", "x", 0, "a"), both);
        assertFinds(Anomaly.DUPLICATE, List.of(4, 4), a, sent("P", "x", 0, "a"), crashed("P"), sendBegun("Q",
                Entry.somewhereIn("x"), "a"), both);
        assertFinds(Anomaly.DUPLICATE, List.of(1, 1), sent("P", "x", 0, "a"), both);
        assertClean(a, sent("P", "x", 0, "a"), polled("C", x(0, "a")));
    }

    @Test
    void aSecondSendExcusesOneOffsetMore() {
        Event a = sendBegun("P", "x", "a");
        HistoryVerdict verdict = HistoryChecker.check(List.of(a, sent("P", "x", 0, "a"), a, sent("P", "x", 1, "a"),
                polled("C", x(0, "a"), x(1, "a"), x(2, "a"))));
        assertEquals(Map.of(Anomaly.DUPLICATE, 1, Anomaly.ONE_SEND_TWICE, 1), verdict.counts());
    }

    @Test
    void whereEverySendIsAnnouncedAStrangerIsAPhantom() {
        assertFinds(Anomaly.PHANTOM_READ, List.of(2), sendBegun("P", "x", "a"), sent("P", "x", 0, "a"), polled("C", x(0,
                "a"), x(1, "b")));
        assertClean(sendBegun("P", "x", "a"), sent("P", "x", 0, "a"), sendBegun("P", "x", "b"), polled("C", x(0, "a"),
                x(1, "b")));
        assertClean(sent("P", "x", 0, "a"), polled("C", x(0, "a"), x(1, "b")));
    }

    /** As a client does that chooses the partition itself, and never came to tell which. */
    @Test
    void aSendThatIsAnnouncedForATopicIsNoPhantomInAnyOfItsPartitions() {
        Event announced = sendBegun("P", Entry.somewhereIn("x"), "a");
        Entry a = new Entry("x-1", 0, "a");
        assertFinds(Anomaly.PHANTOM_READ, List.of(2), announced, sent("P", "x-1", 0, "a"), polled("C", a, new Entry(
                "x-1", 1, "b")));
        assertFinds(Anomaly.PHANTOM_READ, List.of(1), announced, polled("C", a, new Entry("x-0", 0, "b")));
        assertClean(announced, sent("P", "x-1", 0, "a"), polled("C", a));
        assertClean(announced, polled("C", a));
        assertClean(announced, sendBegun("Q", Entry.somewhereIn("x"), "a"), polled("C", a, new Entry("x-2", 0, "a")));
        assertClean(announced, polled("C", new Entry("z-1", 0, "a")));
    }

    @Test
    void whoDoesNotAnnounceHidesPhantomsOfItsTopicAlone() {
        Event[] announced = {sendBegun("P", "x-0", "a"), sent("P", "x-0", 0, "a")};
        Event strange = polled("C", new Entry("x-0", 0, "a"), new Entry("x-0", 1, "strange"));
        assertFinds(Anomaly.PHANTOM_READ, List.of(4), joined(announced, sent("Q", "y-0", 0, "b"), polled("C", new Entry(
                "y-0", 0, "b"), new Entry("y-0", 1, "c")), strange));
        Event all = polled("C", new Entry("x-0", 0, "a"), new Entry("x-0", 1, "strange"), new Entry("x-0", 2, "b"));
        assertFinds(Anomaly.PHANTOM_READ, List.of(3), joined(announced, sent("P", "x-0", 2, "b"), all));
        assertClean(joined(announced, sent("Q", "x-0", 2, "b"), all));
    }

    @Test
    void anAnswerThatComesInTheNextTransactionIsForTheSendBefore() {
        Event[] late = {begun("T"), sendBegun("T", "x", "a"), aborted("T"), begun("T"), sent("T", "x", 0, "a"),
            committed("T")};
        assertFinds(Anomaly.PHANTOM_READ, List.of(6), joined(late, polled("C", x(1, "b"))));
        assertFinds(Anomaly.ABORTED_READ, List.of(4, 2, 6), joined(late, polled("C", x(0, "a"))));
        assertClean(late);
    }

    /** The commit says of each send that it is there, wherever that is. */
    @Test
    void whatACommittedTransactionSentSomewhereIsThere() {
        Event[] sent = {begun("T"), sendBegun("T", Entry.somewhereIn("x"), "a"), committed("T")};
        assertFinds(Anomaly.UNSEEN, List.of(1, 2), sent);
        assertClean(joined(sent, polled("C", new Entry("x-2", 0, "a"))));
    }

    @Test
    void whatWasPassedAndNeverPolledIsLost() {
        assertFinds(Anomaly.LOST_WRITE, List.of(0, 2), sent("P", "x", 0, "a"), sent("P", "x", 1, "b"), polled("C", x(1,
                "b")));
        assertClean(sent("P", "x", 0, "a"), sent("P", "x", 1, "b"), polled("C", x(0, "a"), x(1, "b")));
        assertClean(sendUnknown("P", "x", "a"), sent("P", "x", 1, "b"), polled("C", x(1, "b")));
    }

    @Test
    void aCommittedWriteIsLostAndAnAbortedOneIsNot() {
        assertFinds(Anomaly.LOST_WRITE, List.of(1, 2, 4), begun("T"), sent("T", "x", 0, "a"), committed("T"), sent("P",
                "x", 2, "b"), polled("C", x(2, "b")));
        assertClean(begun("T"), sent("T", "x", 0, "a"), aborted("T"), sent("P", "x", 2, "b"), polled("C", x(2, "b")));
        assertClean(begun("T"), sent("T", "x", 0, "a"), outcomeUnknown("T"), sent("P", "x", 2, "b"), polled("C", x(2,
                "b")));
    }

    /** One of its records was polled, so it committed, so the other one must be there too. */
    @Test
    void aTransactionOfUnknownOutcomeIsNotTorn() {
        assertFinds(Anomaly.LOST_WRITE, List.of(1, 3, 5), begun("T"), sent("T", "x", 0, "a"), sent("T", "y", 0, "b"),
                crashed("T"), sent("P", "x", 2, "c"), polled("C", y(0, "b"), x(2, "c")));
        assertClean(begun("T"), sent("T", "x", 0, "a"), sent("T", "y", 0, "b"), crashed("T"), sent("P", "x", 2, "c"),
                polled("C", x(0, "a"), y(0, "b"), x(2, "c")));
    }

    @Test
    void whatNobodyCameToIsUnseen() {
        assertFinds(Anomaly.UNSEEN, List.of(1), sent("P", "x", 0, "a"), sent("P", "x", 1, "b"), polled("C", x(0, "a")));
        assertClean(sent("P", "x", 0, "a"), sent("P", "x", 1, "b"), polled("C", x(0, "a")), polled("C", x(1, "b")));
        assertClean(sent("P", "x", 0, "a"), sendFailed("P", "x", "b"), polled("C", x(0, "a")));
    }

    /**
     * A commit that succeeded says of each of its sends that it is there, told or not; a poll that proves it says so
     * too.
     */
    @Test
    void aCommittedTransactionLeavesNoSendOut() {
        Event a = sendBegun("T", "x", "a");
        Event b = sendBegun("T", "x", "b");
        Event told = sent("T", "x", 1, "b");
        assertFinds(Anomaly.UNSEEN, List.of(1, 4), begun("T"), a, b, told, committed("T"), polled("C", x(1, "b")));
        assertFinds(Anomaly.UNSEEN, List.of(1, 4), begun("T"), a, b, told, crashed("T"), polled("C", x(1, "b")));
        assertClean(begun("T"), a, b, told, committed("T"), polled("C", x(0, "a"), x(1, "b")));
        assertClean(begun("T"), a, sendFailed("T", "x", "a"), b, told, committed("T"), polled("C", x(1, "b")));
        assertClean(begun("T"), a, crashed("T"), sent("P", "x", 1, "c"), polled("C", x(1, "c")));
        assertClean(sendBegun("P", "x", "a"), sent("P", "x", 1, "c"), polled("C", x(1, "c")));
    }

    // ------------------------------------------------------------ what a transaction shows

    @Test
    void whatWasAbortedIsNotPolled() {
        assertFinds(Anomaly.ABORTED_READ, List.of(1, 2, 3), begun("T"), sent("T", "x", 0, "a"), aborted("T"), polled(
                "C",
                x(0, "a")));
        assertClean(begun("T"), sent("T", "x", 0, "a"), committed("T"), polled("C", x(0, "a")));
        assertClean(begun("T"), sent("T", "x", 0, "a"), outcomeUnknown("T"), polled("C", x(0, "a")));
    }

    @Test
    void whatFailedIsNotPolled() {
        assertFinds(Anomaly.FAILED_SEND_READ, List.of(0, 1), sendFailed("P", "x", "a"), polled("C", x(0, "a")));
        assertFinds(Anomaly.FAILED_SEND_READ, List.of(2, 4), begun("T"), sendBegun("T", Entry.somewhereIn("x"), "a"),
                sendFailed("T", Entry.somewhereIn("x"), "a"), aborted("T"), polled("C", new Entry("x-1", 0, "a")));
        assertClean(sendUnknown("P", "x", "a"), polled("C", x(0, "a")));
        assertClean(sendFailed("P", "x", "a"), sent("P", "x", 0, "a"), polled("C", x(0, "a")));
    }

    @Test
    void theFirstTryOfAValueIsAbortedThoughTheSecondCommitted() {
        assertFinds(Anomaly.ABORTED_READ, List.of(1, 2, 6), begun("T"), sent("T", "x", 0, "a"), aborted("T"), begun(
                "T"),
                sent("T", "x", 2, "a"), committed("T"), polled("C", x(0, "a"), x(2, "a")));
        Event announced = sendBegun("T", "x", "a");
        assertFinds(Anomaly.ABORTED_READ, List.of(1, 2, 7), begun("T"), announced, aborted("T"), begun("T"), announced,
                sent("T", "x", 2, "a"), committed("T"), polled("C", x(0, "a"), x(2, "a")));
    }

    @Test
    void aTransactionDoesNotPollItsOwnRecords() {
        assertFinds(Anomaly.PRECOMMITTED_READ, List.of(1, 2), begun("T"), sent("T", "x", 0, "a"), polled("T", x(0,
                "a")),
                committed("T"));
        assertClean(begun("T"), sent("T", "x", 0, "a"), committed("T"), polled("T", x(0, "a")));
        assertClean(begun("T"), sent("T", "x", 0, "a"), committed("T"), begun("T"), polled("T", x(0, "a")), committed(
                "T"));
    }

    // ------------------------------------------------------------ in which order

    @Test
    void sendsOfATransactionStandInTheirOrder() {
        assertFinds(Anomaly.INTERNAL_NONMONOTONIC_SEND, List.of(3, 4), begun("T"), sendBegun("T", "x", "a"), sendBegun(
                "T", "x", "b"), sent("T", "x", 1, "a"), sent("T", "x", 0, "b"), committed("T"), polled("C", x(0, "b"),
                        x(
                                1, "a")));
        assertClean(begun("T"), sendBegun("T", "x", "a"), sendBegun("T", "x", "b"), sent("T", "x", 1, "b"), sent("T",
                "x", 0, "a"), committed("T"), polled("C", x(0, "a"), x(1, "b")));
    }

    @Test
    void sendsOfAProcessStandInTheirOrder() {
        assertFinds(Anomaly.NONMONOTONIC_SEND, List.of(0, 1), sent("P", "x", 1, "a"), sent("P", "x", 0, "b"), polled(
                "C",
                x(0, "b"), x(1, "a")));
        assertClean(sent("P", "x", 1, "a"), sent("Q", "x", 0, "b"), polled("C", x(0, "b"), x(1, "a")));
        assertClean(sent("P", "x", 1, "a"), sent("P", "y", 0, "b"), polled("C", x(1, "a"), y(0, "b")));
    }

    /** The sender never learned the offset; a poll tells it. */
    @Test
    void sendsWithoutAnswerStandInTheirOrderToo() {
        assertFinds(Anomaly.NONMONOTONIC_SEND, List.of(0, 1), sendBegun("P", "x", "a"), sendBegun("P", "x", "b"),
                polled(
                        "C", x(0, "b"), x(1, "a")));
        assertClean(sendBegun("P", "x", "a"), sendBegun("P", "x", "b"), polled("C", x(0, "a"), x(1, "b")));
    }

    @Test
    void aPollGoesForward() {
        assertFinds(Anomaly.INTERNAL_NONMONOTONIC_POLL, List.of(0, 0), polled("C", x(1, "b"), x(0, "a")));
        assertFinds(Anomaly.INTERNAL_NONMONOTONIC_POLL, List.of(1, 2), begun("T"), polled("T", x(0, "a")), polled("T",
                x(0,
                        "a")), committed("T"));
        assertClean(polled("C", x(0, "a"), x(1, "b")));
        assertClean(polled("C", x(1, "b"), y(0, "a")));
    }

    @Test
    void pollsGoForward() {
        assertFinds(Anomaly.NONMONOTONIC_POLL, List.of(0, 1), polled("C", x(0, "a")), polled("C", x(0, "a")));
        assertClean(polled("C", x(0, "a")), polled("D", x(0, "a")));
        assertClean(polled("C", x(0, "a")), rebalanced("C", "x"), polled("C", x(0, "a")));
        assertClean(polled("C", x(0, "a")), crashed("C"), polled("C", x(0, "a")));
        assertFinds(Anomaly.NONMONOTONIC_POLL, List.of(0, 2), polled("C", x(0, "a")), rebalanced("C", "y"), polled("C",
                x(
                        0, "a")));
    }

    @Test
    void aPartitionThatStaysAssignedKeepsItsPlace() {
        assertFinds(Anomaly.NONMONOTONIC_POLL, List.of(0, 2), polled("C", x(0, "a")), assigned("C", "x", "y"), polled(
                "C",
                x(0, "a")));
        assertClean(polled("C", x(0, "a")), assigned("C", "y"), assigned("C", "x"), polled("C", x(0, "a")));
    }

    @Test
    void aPollSkipsNothing() {
        assertFinds(Anomaly.INTERNAL_POLL_SKIP, List.of(0, 1, 1), polled("D", x(0, "a"), x(1, "b"), x(2, "c")), polled(
                "C",
                x(0, "a"), x(2, "c")));
        assertFinds(Anomaly.INTERNAL_POLL_SKIP, List.of(0, 2, 3), polled("D", x(0, "a"), x(1, "b"), x(2, "c")), begun(
                "T"),
                polled("T", x(0, "a")), polled("T", x(2, "c")), committed("T"));
        assertClean(polled("D", x(0, "a"), x(2, "c")), polled("C", x(0, "a"), x(2, "c")));
    }

    @Test
    void pollsSkipNothing() {
        Event all = polled("D", x(0, "a"), x(1, "b"), x(2, "c"));
        assertFinds(Anomaly.POLL_SKIP, List.of(0, 1, 2), all, polled("C", x(0, "a")), polled("C", x(2, "c")));
        assertClean(all, polled("C", x(0, "a")), polled("C", x(1, "b")), polled("C", x(2, "c")));
        assertClean(all, polled("C", x(0, "a")), rebalanced("C", "x"), polled("C", x(2, "c")));
    }

    @Test
    void whoIsInNoGroupBeginsAtTheStart() {
        Event all = polled("D", x(0, "a"), x(1, "b"), x(2, "c"));
        Event late = polled("C", x(1, "b"), x(2, "c"));
        assertFinds(Anomaly.POLL_SKIP, List.of(0, 1), all, late);
        assertFinds(Anomaly.POLL_SKIP, List.of(1, 0), late, all);
        assertFinds(Anomaly.POLL_SKIP, List.of(0, 3), all, begun("C"), assigned("C", "x"), late, aborted("C"));
        assertFinds(Anomaly.POLL_SKIP, List.of(0, 2), polled("C", x(0, "a")), crashed("C"), late);
        assertClean(all, polled("C", x(0, "a"), x(1, "b"), x(2, "c")));
        assertClean(all, rebalanced("C", "x"), late);
        assertClean(subscribed("D", "g"), all, crashed("D"), subscribed("D", "g"), polled("D", x(3, "d")));
        assertClean(sent("P", "x", 0, "a"), sendFailed("P", "x", "b"), begun("T"), sent("T", "x", 1, "c"), aborted("T"),
                polled("C", x(0, "a")), sent("P", "x", 3, "d"), polled("C", x(3, "d")));
    }

    /** One of unknown outcome may have been committed, and then it goes on behind. */
    @Test
    void anAbortedTransactionThatBeganAtTheStartGoesBackToThat() {
        Event first = polled("T", x(0, "a"));
        Event second = polled("T", x(1, "b"));
        assertClean(begun("T"), first, outcomeUnknown("T"), begun("T"), second, committed("T"));
        assertFinds(Anomaly.POLL_SKIP, List.of(1, 4), begun("T"), first, aborted("T"), begun("T"), second, committed(
                "T"));
    }

    @Test
    void abortedRecordsAreRightlySkipped() {
        assertClean(sent("P", "x", 0, "a"), begun("T"), sent("T", "x", 1, "b"), aborted("T"), sent("P", "x", 3, "c"),
                polled("C", x(0, "a"), x(3, "c")));
    }

    @Test
    void anAbortedTransactionGoesBackToWhereItBegan() {
        Event first = polled("T", x(0, "a"));
        Event second = polled("T", x(1, "b"));
        assertClean(begun("T"), first, committed("T"), begun("T"), second, aborted("T"), begun("T"), second, committed(
                "T"));
        assertFinds(Anomaly.NONMONOTONIC_POLL, List.of(4, 7), begun("T"), first, committed("T"), begun("T"), second,
                committed("T"), begun("T"), second, committed("T"));
        assertFinds(Anomaly.POLL_SKIP, List.of(4, 1, 7), begun("T"), first, committed("T"), begun("T"), second, aborted(
                "T"), begun("T"), polled("T", x(2, "c")), committed("T"));
        assertClean(begun("T"), first, committed("T"), begun("T"), second, outcomeUnknown("T"), begun("T"), second,
                committed("T"));
    }

    @Test
    void aPartitionThatCameBackWithinAnAbortedTransactionHasNoPlace() {
        Event first = polled("T", x(0, "a"));
        assertClean(begun("T"), first, committed("T"), begun("T"), polled("T", x(1, "b")), rebalanced("T", "x"),
                aborted(
                        "T"), begun("T"), first, committed("T"));
        assertFinds(Anomaly.NONMONOTONIC_POLL, List.of(1, 7), begun("T"), first, committed("T"), begun("T"), polled("T",
                x(
                        1, "b")), aborted("T"), begun("T"), first, committed("T"));
    }

    /**
     * The partition leaves with an assignment within the transaction, so that the abort must not bring its place back.
     */
    @Test
    void aPartitionThatLeftWithinAnAbortedTransactionHasNoPlace() {
        Event all = polled("D", x(0, "a"), x(1, "b"), x(2, "c"));
        Event last = polled("T", x(2, "c"));
        assertClean(all, assigned("T", "x", "y"), polled("T", x(0, "a")), begun("T"), polled("T", x(1, "b")), assigned(
                "T", "y"), aborted("T"), assigned("T", "x", "y"), last);
        assertFinds(Anomaly.POLL_SKIP, List.of(0, 2, 7), polled("D", x(0, "a"), x(1, "b"), x(2, "c")), assigned("T",
                "x", "y"), polled("T", x(0, "a")), begun("T"), polled("T", x(1, "b")), assigned("T", "x"), aborted("T"),
                last);
    }

    // ------------------------------------------------------------ cycles

    @Test
    void transactionsThatWriteAroundEachOtherAreAWriteCycle() {
        Event all = polled("C", x(0, "a"), x(1, "b"), y(0, "c"), y(1, "d"));
        assertFinds(Anomaly.G0, List.of(2, 3, 4, 5), begun("T"), begun("U"), sent("T", "x", 0, "a"), sent("U", "x", 1,
                "b"), sent("U", "y", 0, "c"), sent("T", "y", 1, "d"), committed("T"), committed("U"), all);
        assertClean(begun("T"), begun("U"), sent("T", "x", 0, "a"), sent("U", "x", 1, "b"), sent("T", "y", 0, "c"),
                sent(
                        "U", "y", 1, "d"), committed("T"), committed("U"), all);
    }

    @Test
    void transactionsThatPollEachOtherAreCircular() {
        assertFinds(Anomaly.G1C, List.of(3, 4, 2, 5), begun("T"), begun("U"), sent("T", "x", 0, "a"), sent("U", "y", 0,
                "b"), polled("T", y(0, "b")), polled("U", x(0, "a")), committed("T"), committed("U"));
        assertClean(begun("T"), begun("U"), sent("T", "x", 0, "a"), sent("U", "y", 0, "b"), polled("U", x(0, "a")),
                committed("T"), committed("U"), polled("C", y(0, "b")));
    }

    @Test
    void aCycleOfThreeIsToldWithAllThree() {
        HistoryVerdict verdict = HistoryChecker.check(List.of(begun("T"), begun("U"), begun("V"), sent("T", "x", 0,
                "a"),
                sent("U", "y", 0, "b"), sent("V", "z", 0, "c"), polled("U", x(0, "a")), polled("V", y(0, "b")), polled(
                        "T", new Entry("z", 0, "c")), committed("T"), committed("U"), committed("V")));
        assertEquals(Map.of(Anomaly.G1C, 1), verdict.counts());
        assertEquals(6, verdict.found().get(0).evidence().size());
        assertEquals("x, y, z", verdict.found().get(0).where());
    }

    @Test
    void aCycleThatNeedsWritesIsOfItsOwnKind() {
        Event all = polled("C", x(0, "a"), x(1, "b"), y(0, "c"));
        assertFinds(Anomaly.G1C_WITH_WRITES, List.of(4, 5, 2, 3), begun("T"), begun("U"), sent("T", "x", 0, "a"), sent(
                "U", "x", 1, "b"), sent("U", "y", 0, "c"), polled("T", y(0, "c")), committed("T"), committed("U"), all);
        assertClean(begun("T"), begun("U"), sent("U", "x", 0, "a"), sent("T", "x", 1, "b"), sent("U", "y", 0, "c"),
                polled("T", y(0, "c")), committed("T"), committed("U"), all);
    }

    // ------------------------------------------------------------ words

    @Test
    void aFindingTellsItsEvidence() {
        HistoryVerdict verdict = HistoryChecker.check(List.of(begun("T"), sent("T", "x", 7, "a"), aborted("T"), polled(
                "C",
                x(7, "a"))));
        assertEquals("""
                aborted read (G1a) in x: a record of an aborted transaction was polled
                    event 1: T sent x offset 7 value a
                    event 2: T aborted
                    event 3: C polled x offset 7 value a""", verdict.found().get(0).toString());
    }

    @Test
    void ofManyAllAreCountedAndTheFirstTold() {
        List<Event> history = IntStream.range(0, 100).mapToObj(offset -> polled("C", x(offset, "a")))
                .toList();
        HistoryVerdict verdict = HistoryChecker.check(history);
        assertEquals(99, verdict.counts().get(Anomaly.DUPLICATE));
        assertEquals(Findings.TOLD_OF_EACH, verdict.of(Anomaly.DUPLICATE).size());
    }
}
