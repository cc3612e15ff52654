package io.semel.client.consumer;

import java.time.Duration;

import io.semel.client.runtime.ClientRuntime;

/** What a consumer with a {@code group.id} has besides. Thread rule: the polling thread's, but for the heartbeat. */
final class GroupSide {
    private final ClientRuntime runtime;
    private final GroupCalls calls;
    private final Heartbeat heartbeat;
    private final GroupMember member;
    private final OffsetCommits commits;

    private GroupSide(ClientRuntime runtime, GroupCalls calls, Heartbeat heartbeat, GroupMember member,
            OffsetCommits commits) {
        this.runtime = runtime;
        this.calls = calls;
        this.heartbeat = heartbeat;
        this.member = member;
        this.commits = commits;
    }

    static GroupSide open(ClientRuntime runtime, GroupCalls calls, ConsumerSettings settings,
            Subscriptions subscriptions, Interceptors<?, ?> interceptors, Access access, Parking parking,
            ConsumerMetrics metrics) {
        TopicCatalog catalog = new TopicCatalog(runtime.broker());
        Heartbeat heartbeat = new Heartbeat(calls, access, parking, settings, metrics);
        GroupMember member = new GroupMember(calls, settings, subscriptions, catalog, heartbeat, metrics);
        OffsetCommits commits = new OffsetCommits(calls, catalog, subscriptions, interceptors, settings, member,
                metrics);
        runtime.addDuty(heartbeat);
        return new GroupSide(runtime, calls, heartbeat, member, commits);
    }

    GroupCalls calls() {
        return calls;
    }

    Heartbeat heartbeat() {
        return heartbeat;
    }

    GroupMember member() {
        return member;
    }

    OffsetCommits commits() {
        return commits;
    }

    /** Who closes the consumer, and so whether what was handed over is known to be processed. */
    enum ClosedBy {
        /** The thread that polls: a close is as good as another poll. */
        USER,
        /** The directory's owner, while that thread may be at work on what it got, or has died of it. */
        OWNER
    }

    /** Commits what was processed, gives back what is owned, and goes. */
    void close(Duration timeout, GroupMember.Leaving leaving, ClosedBy who) {
        try {
            if (who == ClosedBy.USER) {
                commits.autoCommitNow(timeout);
            }
            commits.answerAll(timeout);
        } finally {
            try {
                member.leave(leaving);
            } finally {
                runtime.removeDuty(heartbeat);
            }
        }
    }
}
