package io.semel.verify.history;

import java.util.List;

import org.junit.jupiter.api.Test;

import static io.semel.verify.history.Event.aborted;
import static io.semel.verify.history.Event.assigned;
import static io.semel.verify.history.Event.begun;
import static io.semel.verify.history.Event.committed;
import static io.semel.verify.history.Event.crashed;
import static io.semel.verify.history.Event.polled;
import static io.semel.verify.history.Event.rebalanced;
import static io.semel.verify.history.Event.sendBegun;
import static io.semel.verify.history.Event.sent;
import static io.semel.verify.history.Event.subscribed;
import static io.semel.verify.history.SmallHistories.assertClean;
import static io.semel.verify.history.SmallHistories.assertFinds;
import static io.semel.verify.history.SmallHistories.joined;
import static io.semel.verify.history.SmallHistories.x;
import static io.semel.verify.history.SmallHistories.y;

/**
 * As {@link HistoryCheckerTest}, of what a group does: T and U are members that work in transactions, C and D poll
 * alone.
 */
class GroupAnomaliesTest {
    @Test
    void aGroupIsHandedARecordOnce() {
        assertFinds(Anomaly.GROUP_REPEAT, List.of(2, 3), subscribed("C", "g"), subscribed("D", "g"), polled("C", x(0,
                "a")), polled("D", x(0, "a")));
        assertClean(subscribed("C", "g"), subscribed("D", "h"), polled("C", x(0, "a")), polled("D", x(0, "a")));
        assertClean(subscribed("C", "g"), subscribed("D", "g"), polled("C", x(0, "a")), polled("D", x(1, "b")));
    }

    @Test
    void aGroupConsumesARecordInOneCommittedTransaction() {
        assertFinds(Anomaly.CONSUMED_TWICE, List.of(3, 6), subscribed("T", "g"), subscribed("U", "g"), begun("T"),
                polled(
                        "T", x(0, "a")), committed("T"), begun("U"), polled("U", x(0, "a")), committed("U"));
        assertClean(subscribed("T", "g"), subscribed("U", "g"), begun("T"), polled("T", x(0, "a")), aborted("T"), begun(
                "U"), polled("U", x(0, "a")), committed("U"));
        assertClean(subscribed("T", "g"), subscribed("U", "g"), begun("T"), polled("T", x(0, "a")), crashed("T"), begun(
                "U"), polled("U", x(0, "a")), committed("U"));
    }

    /**
     * What its transaction wrote of the record stands there twice, as of two transactions; the rebalance excuses no
     * more.
     */
    @Test
    void aGroupConsumesARecordOnceInItsTransaction() {
        Event poll = polled("T", x(0, "a"));
        Event moved = rebalanced("T", "x");
        assertFinds(Anomaly.CONSUMED_TWICE, List.of(2, 4), subscribed("T", "g"), begun("T"), poll, moved, poll,
                committed("T"));
        assertClean(subscribed("T", "g"), begun("T"), poll, moved, polled("T", x(1, "b")), committed("T"));
        assertClean(subscribed("T", "g"), begun("T"), poll, moved, poll, aborted("T"), begun("T"), poll, committed(
                "T"));
    }

    @Test
    void aGroupPassesOverNothing() {
        Event outsider = polled("E", x(0, "a"), x(1, "b"));
        assertFinds(Anomaly.GROUP_SKIP, List.of(1, 2), subscribed("D", "g"), outsider, polled("D", x(1, "b")));
        assertClean(subscribed("C", "g"), subscribed("D", "g"), outsider, polled("C", x(0, "a")), polled("D", x(1,
                "b")));
    }

    @Test
    void whatAGroupPolledInAnAbortedTransactionItHasNotConsumed() {
        assertFinds(Anomaly.GROUP_SKIP, List.of(3, 5), subscribed("T", "g"), subscribed("D", "g"), begun("T"), polled(
                "T",
                x(0, "a")), aborted("T"), polled("D", x(1, "b")));
        assertClean(subscribed("T", "g"), subscribed("D", "g"), begun("T"), polled("T", x(0, "a")), crashed("T"),
                polled(
                        "D", x(1, "b")));
    }

    /**
     * T's record was passed and not seen, so T did not commit: what it polled is not consumed, whatever its offset
     * says.
     */
    @Test
    void anOffsetThatWasCommittedWithoutItsTransactionIsASkip() {
        Event[] killed = {subscribed("T", "g"), begun("T"), polled("T", x(0, "a")), sent("T", "y", 0, "A"), crashed(
                "T")};
        Event[] goesOn = {subscribed("U", "g"), begun("U"), polled("U", x(1, "b")), sent("U", "y", 2, "B"), committed(
                "U")};
        assertFinds(Anomaly.GROUP_SKIP, List.of(2, 3, 4, 7), joined(killed, goesOn, polled("C", y(2, "B"))));
        assertClean(joined(killed, goesOn, polled("C", y(0, "A"), y(2, "B"))));
        assertClean(joined(killed, subscribed("U", "g"), begun("U"), polled("U", x(0, "a")), sent("U", "y", 2, "A"),
                committed("U"), polled("C", y(2, "A"))));
    }

    /** Nobody came past what T sent, and nobody saw it: where consumers had everything, T did not commit. */
    @Test
    void aTransactionOfWhichNothingWasSeenHasConsumedNothing() {
        Event[] killed = {sent("P", "x", 0, "a"), subscribed("T", "g"), begun("T"), polled("T", x(0, "a")), sendBegun(
                "T", "y", "A"), crashed("T")};
        assertFinds(Anomaly.GROUP_UNSEEN, List.of(3, 4, 5), killed);
        assertClean(joined(killed, polled("C", y(0, "A"))));
        assertClean(joined(killed, subscribed("U", "g"), begun("U"), polled("U", x(0, "a")), committed("U")));
        assertClean(subscribed("T", "g"), begun("T"), polled("T", x(0, "a")), crashed("T"));
    }

    @Test
    void aGroupConsumesTheLastRecordToo() {
        Event[] first = {subscribed("T", "g"), begun("T"), polled("T", x(0, "a")), committed("T")};
        assertFinds(Anomaly.GROUP_UNSEEN, List.of(5), joined(first, begun("T"), polled("T", x(1, "b")), aborted("T")));
        assertFinds(Anomaly.GROUP_UNSEEN, List.of(4), joined(first, polled("C", x(0, "a"), x(1, "b"))));
        assertFinds(Anomaly.GROUP_UNSEEN, List.of(2), subscribed("T", "g"), begun("T"), polled("T", x(0, "a")), aborted(
                "T"));
        assertClean(joined(first, begun("T"), polled("T", x(1, "b")), committed("T")));
        assertClean(joined(first, polled("C", y(0, "b"))));
    }

    /** Of a topic's partitions, x-1 is given to no member, or to one that never polls it. */
    @Test
    void aGroupConsumesEveryPartitionOfItsTopics() {
        Entry inFirst = new Entry("x-0", 0, "a");
        Entry inSecond = new Entry("x-1", 0, "b");
        Event outsider = polled("C", inFirst, inSecond);
        Event[] one = {subscribed("T", "g"), begun("T"), polled("T", inFirst), committed("T")};
        assertFinds(Anomaly.GROUP_UNSEEN, List.of(4), joined(one, outsider));
        assertFinds(Anomaly.GROUP_UNSEEN, List.of(2), subscribed("T", "g"), rebalanced("T", "x-0", "x-1"), polled("C",
                inSecond));
        assertClean(joined(one, subscribed("U", "g"), polled("U", inSecond), outsider));
        assertClean(joined(one, polled("C", inFirst, new Entry("y-1", 0, "b"))));
    }

    @Test
    void aMemberThatChoseItsPartitionsConsumesThose() {
        Entry inFirst = new Entry("x-0", 0, "a");
        Event outsider = polled("C", inFirst, new Entry("x-1", 0, "b"));
        assertClean(subscribed("T", "g"), assigned("T", "x-0"), polled("T", inFirst), outsider);
        assertFinds(Anomaly.GROUP_UNSEEN, List.of(2), subscribed("T", "g"), assigned("T", "x-0"), outsider);
    }
}
