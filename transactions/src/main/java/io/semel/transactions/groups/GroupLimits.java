package io.semel.transactions.groups;

/**
 * Limits and delays of all groups, by Kafka's configuration names.
 *
 * @param minSessionTimeoutMs     {@code group.min.session.timeout.ms}: a shorter one evicts members at every pause
 * @param maxSessionTimeoutMs     {@code group.max.session.timeout.ms}: a longer one leaves partitions unread that long
 * @param maxSize                 {@code group.max.size}: members of one group, those with a reserved id included
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}: how long an empty group waits for company;
 *                                members of one process join together anyway, so there it is 0
 */
public record GroupLimits(int minSessionTimeoutMs, int maxSessionTimeoutMs, int maxSize, int initialRebalanceDelayMs) {

    public static final GroupLimits EMBEDDED = new GroupLimits(6_000, 1_800_000, 10_000, 0);

    /** Groups that have members at one time: bounds what a stranger can make the coordinator hold. */
    static final int MAX_LIVE_GROUPS = 10_000;
    /** Replies that wait for the log at one time; more means that the log stands still. */
    static final int MAX_WAITING = 100_000;
    /** As Kafka's {@code offset.metadata.max.bytes}, in characters. */
    public static final int MAX_OFFSET_METADATA_CHARS = 4_096;
    /** Names in a record are at most 32,767 bytes, and a character takes up to three. */
    static final int MAX_NAME_CHARS = 8_000;
    /** Assignors that one member offers; clients ship about five. */
    static final int MAX_PROTOCOLS = 64;
    /** Subscriptions of one member over all its protocols; a thousand topic names are some 30 KiB. */
    static final int MAX_SUBSCRIPTION_BYTES = 1 << 20;
    /** As Kafka's {@code offsets.commit.timeout.ms}: longer than any force, shorter than a client's patience. */
    static final int LOG_TIMEOUT_MS = 5_000;

    public GroupLimits {
        if (minSessionTimeoutMs <= 0 || maxSessionTimeoutMs < minSessionTimeoutMs || maxSize <= 0
                || initialRebalanceDelayMs < 0) {
            throw new IllegalArgumentException("group limits contradict each other: minSessionTimeoutMs="
                    + minSessionTimeoutMs + " maxSessionTimeoutMs=" + maxSessionTimeoutMs + " maxSize=" + maxSize
                    + " initialRebalanceDelayMs=" + initialRebalanceDelayMs);
        }
    }

    static GroupError checkId(String groupId) {
        return groupId.isEmpty() || !isName(groupId) ? GroupError.INVALID_GROUP_ID : GroupError.NONE;
    }

    static boolean isName(String name) {
        return name != null && name.length() <= MAX_NAME_CHARS;
    }
}
