package io.semel.verify.history;

import io.semel.client.DeliverySemantics;

import static io.semel.verify.history.Anomaly.Judgement.ALLOWED;
import static io.semel.verify.history.Anomaly.Judgement.COMPLETE;
import static io.semel.verify.history.Anomaly.Judgement.NEVER;

/**
 * What can be wrong with a history, and under which semantics it is: the columns are at most once, at least once,
 * exactly once.
 *
 * <p>A record is <em>dead</em> when its send failed for certain or its transaction was aborted. It is <em>there</em>
 * when its send was acknowledged and its transaction, if it is of one, committed; or when it was polled and is not
 * dead. A transaction whose end is unknown did commit if one of its records was polled, and did not if one was passed
 * and not polled. The order of a partition is the order of the offsets that were acknowledged or polled; offsets
 * between them may belong to markers, which nobody sees.
 */
public enum Anomaly {
    // ------------------------------------------------------------ what a partition holds
    INCONSISTENT_OFFSET("inconsistent offset", NEVER, NEVER, NEVER, "one offset of a partition has two values"),
    DUPLICATE("duplicate", NEVER, ALLOWED, NEVER,
            "one value is there at two offsets of a partition, and may have been sent twice"),
    ONE_SEND_TWICE("one send twice", NEVER, NEVER, NEVER,
            "a value is there at more offsets of a partition than it was sent to it, and every send is announced before"),
    PHANTOM_READ("phantom read", NEVER, NEVER, NEVER,
            "a value was polled that nobody sent, of a topic to which every send is announced before"),
    LOST_WRITE("lost write", ALLOWED, NEVER, NEVER,
            "a record is there that nobody polled, although a later one of its partition was"),
    UNSEEN("unseen", ALLOWED, COMPLETE, COMPLETE,
            "a record is there that nobody polled, and no later one of its partition either"),

    // ------------------------------------------------------------ what a transaction shows
    FAILED_SEND_READ("read of a failed send (G1a)", NEVER, NEVER, NEVER,
            "a record was polled whose send failed for certain"),
    ABORTED_READ("aborted read (G1a)", ALLOWED, ALLOWED, NEVER, "a record of an aborted transaction was polled"),
    PRECOMMITTED_READ("precommitted read", ALLOWED, ALLOWED, NEVER, "a transaction polled what it had itself sent"),

    // ------------------------------------------------------------ in which order
    INTERNAL_NONMONOTONIC_SEND("internal nonmonotonic send", NEVER, NEVER, NEVER,
            "of two sends of one transaction to one partition, the later has no higher offset"),
    NONMONOTONIC_SEND("nonmonotonic send", NEVER, NEVER, NEVER,
            "of two sends of one process to one partition, the later has no higher offset"),
    INTERNAL_NONMONOTONIC_POLL("internal nonmonotonic poll", NEVER, NEVER, NEVER,
            "within one poll or transaction, a record follows another of its partition with no higher offset"),
    NONMONOTONIC_POLL("nonmonotonic poll", NEVER, NEVER, NEVER,
            "a poll begins, without a rebalance between, at or before where the process was in that partition"),
    INTERNAL_POLL_SKIP("internal poll skip", NEVER, NEVER, NEVER,
            "within one poll or transaction, records of a partition follow each other although one is there between"),
    POLL_SKIP("poll skip", NEVER, NEVER, NEVER,
            "a poll begins, without a rebalance between, behind the record that comes next in that partition; or a process of no "
                    + "group begins behind a record that was polled before its first one"),

    // ------------------------------------------------------------ what a group does, over rebalances and crashes
    GROUP_REPEAT("group repeat", NEVER, ALLOWED, ALLOWED,
            "one record was handed to members of a group twice, in no aborted transaction"),
    CONSUMED_TWICE("consumed twice", NEVER, ALLOWED, NEVER,
            "two committed transactions of a group polled one record, or one of them polled it twice"),
    GROUP_SKIP("group skip", ALLOWED, NEVER, NEVER,
            "others polled a record that the group passed over for ever: none of its members polled it but in aborted transactions"),
    GROUP_UNSEEN("group unseen", ALLOWED, COMPLETE, COMPLETE,
            "a record was polled that a group of its topic did not consume, nor a later one: its members polled it only in "
                    + "transactions that were aborted, or of which a record is nowhere"),

    // ------------------------------------------------------------ cycles of transactions; writes are never isolated
    G0("write cycle (G0)", ALLOWED, ALLOWED, ALLOWED,
            "transactions wrote around each other: one's record before the next one's, round to the first"),
    G1C("circular information flow (G1c)", ALLOWED, ALLOWED, NEVER,
            "each transaction polled what the one before wrote, round to the first"),
    G1C_WITH_WRITES("circular information flow through writes (G1c)", ALLOWED, ALLOWED, ALLOWED,
            "a cycle in which some polled what the one before wrote, and others wrote behind it");

    enum Judgement {
        ALLOWED, NEVER,
        /** Forbidden if the history is complete: its consumers went on until they had everything. */
        COMPLETE
    }

    private final String label;
    private final Judgement atMostOnce;
    private final Judgement atLeastOnce;
    private final Judgement exactlyOnce;
    private final String definition;

    Anomaly(String label, Judgement atMostOnce, Judgement atLeastOnce, Judgement exactlyOnce, String definition) {
        this.label = label;
        this.atMostOnce = atMostOnce;
        this.atLeastOnce = atLeastOnce;
        this.exactlyOnce = exactlyOnce;
        this.definition = definition;
    }

    public String label() {
        return label;
    }

    public String definition() {
        return definition;
    }

    public boolean isForbidden(DeliverySemantics semantics, Extent extent) {
        Judgement judgement = switch (semantics) {
            case AT_MOST_ONCE -> atMostOnce;
            case AT_LEAST_ONCE -> atLeastOnce;
            case EXACTLY_ONCE -> exactlyOnce;
        };
        return switch (judgement) {
            case ALLOWED -> false;
            case NEVER -> true;
            case COMPLETE -> extent == Extent.COMPLETE;
        };
    }

    /** How far the consumers of a history went. */
    public enum Extent {
        /** Until they had everything: what nobody polled is missing. */
        COMPLETE,
        /** They stopped somewhere. */
        CUT_SHORT
    }
}
