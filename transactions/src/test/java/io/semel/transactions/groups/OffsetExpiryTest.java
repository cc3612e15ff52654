package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.semel.log.batch.ControlType;
import io.semel.transactions.groups.FakeOffsetsLog.Pace;
import io.semel.transactions.groups.JoinRequest.FirstJoin;
import io.semel.transactions.groups.JoinRequest.Protocol;

import static io.semel.transactions.groups.GroupError.GROUP_ID_NOT_FOUND;
import static io.semel.transactions.groups.GroupError.NONE;
import static io.semel.transactions.groups.GroupRig.GROUP;
import static io.semel.transactions.groups.Membership.NOBODY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Expiry of committed offsets: what goes and when, what stays, and that a restart is told the same. */
class OffsetExpiryTest {

    private static final long PRODUCER = 7;
    private static final long KEPT_MS = 600_000;
    private static final long LOOK_MS = 1_000;
    private static final long GONE = CommittedOffset.NO_OFFSET;

    private final GroupRig rig = new GroupRig(GroupRig.LIMITS, new OffsetRetention(KEPT_MS, LOOK_MS));

    /** Look after look, until so much has passed. */
    private void passLooks(long ms) {
        for (long passed = 0; passed < ms; passed += LOOK_MS) {
            rig.pass(LOOK_MS);
        }
    }

    /** The same, with heartbeats. */
    private void passAlive(Membership member, long ms) {
        for (long passed = 0; passed < ms; passed += LOOK_MS) {
            rig.pass(LOOK_MS);
            assertEquals(NONE, rig.heartbeat(member));
        }
    }

    private long kept(String topic, int partition) {
        return rig.log.fold.committed(GROUP, topic, partition).offset();
    }

    private void commit(String group, String topic, int partition, long offset) {
        Answer<GroupError> answer = new Answer<>();
        rig.coordinator.commit(new CommitRequest(group, NOBODY, List.of(OffsetToCommit.of(topic, partition, offset))),
                rig.nowMs, answer);
        assertEquals(NONE, answer.get());
    }

    private GroupError delete() {
        Answer<GroupError> answer = new Answer<>();
        rig.coordinator.deleteGroup(GROUP, rig.nowMs, answer);
        return answer.get();
    }

    private void requireThatARestartIsToldTheSame() {
        CommittedOffsets replayed = rig.log.replay();
        assertEquals(rig.log.fold.groupIds(), replayed.groupIds());
        assertEquals(rig.log.fold.recordOf(GROUP), replayed.recordOf(GROUP));
        assertEquals(rig.log.fold.fetchAll(GROUP, Stability.ANY), replayed.fetchAll(GROUP, Stability.ANY));
    }

    // ---- a group of nobody

    @Test
    void whatNobodysMemberCommittedExpiresAsLongAfterItsCommit() {
        rig.work();
        commit(GROUP, "t", 0, 5);
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(5, kept("t", 0));
        rig.pass(LOOK_MS);
        assertEquals(GONE, rig.fetchedOffset());
        assertFalse(rig.log.fold.knows(GROUP));
        assertEquals(GroupState.DEAD, rig.state());
        assertEquals(List.of(), rig.coordinator.list());
        requireThatARestartIsToldTheSame();
    }

    @Test
    void eachOfThemCountsByItself() {
        rig.work();
        commit(GROUP, "t", 0, 5);
        commit(GROUP, "t", 1, 6);
        passLooks(KEPT_MS / 2);
        commit(GROUP, "t", 1, 7);
        passLooks(KEPT_MS / 2);
        assertEquals(GONE, kept("t", 0));
        assertEquals(7, kept("t", 1));
        passLooks(KEPT_MS / 2);
        assertEquals(GONE, kept("t", 1));
    }

    @Test
    void whoCommitsAgainAtTheLastMomentKeepsIt() {
        rig.work();
        commit(GROUP, "t", 0, 5);
        passLooks(KEPT_MS - LOOK_MS);
        rig.nowMs += LOOK_MS;
        commit(GROUP, "t", 0, 5);
        rig.work();
        assertEquals(5, kept("t", 0));
    }

    @Test
    void whatIsCommittedRightBehindTheDeletionStands() {
        rig.work();
        commit(GROUP, "t", 0, 5);
        passLooks(KEPT_MS);
        commit(GROUP, "t", 0, 4);
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(4, rig.fetchedOffset());
        requireThatARestartIsToldTheSame();
    }

    // ---- a group with members, and when they are gone

    @Test
    void whileThereAreMembersNothingExpires() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        passAlive(member, 3 * KEPT_MS);
        assertEquals(5, rig.fetchedOffset());
    }

    @Test
    void whenTheLastMemberLeavesItCountsFromThen() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        passAlive(member, 2 * KEPT_MS);
        rig.leave(member.memberId());
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(5, kept("t", 0));
        rig.pass(LOOK_MS);
        assertEquals(GONE, kept("t", 0));
        assertFalse(rig.log.fold.knows(GROUP), "its generation is forgotten with its offsets");
        requireThatARestartIsToldTheSame();
    }

    @Test
    void whenTheLastMemberIsEvictedItCountsFromThen() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        passLooks(GroupRig.SESSION_MS);
        assertEquals(GroupState.EMPTY, rig.state());
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(5, kept("t", 0));
        rig.pass(LOOK_MS);
        assertEquals(GONE, kept("t", 0));
    }

    @Test
    void whoComesBackInTimeFindsItAndTheCountBeginsAnewWhenItGoes() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        rig.leave(member.memberId());
        passLooks(KEPT_MS - LOOK_MS);
        Membership back = rig.stable();
        assertEquals(5, rig.fetchedOffset());
        passAlive(back, KEPT_MS);
        rig.leave(back.memberId());
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(5, rig.fetchedOffset());
    }

    @Test
    void aVisitorThatNeverGotAGenerationIsAMemberToo() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        rig.leave(member.memberId());
        passLooks(KEPT_MS - LOOK_MS);
        rig.log.isFull = true;
        rig.join("");
        passLooks(2 * LOOK_MS);
        rig.log.isFull = false;
        rig.coordinator.leave(GROUP, "m2", null, rig.nowMs);
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(5, kept("t", 0));
        rig.pass(LOOK_MS);
        assertEquals(GONE, kept("t", 0));
    }

    @Test
    void anAbsentStaticMemberKeepsItsGroupsOffsetsForItsSession() {
        JoinResult joined = rig.joinStatic("", "i1").get();
        Membership member = new Membership(joined.memberId(), "i1", joined.generation());
        rig.sync(member, Map.of());
        rig.commit(member, 5);
        passLooks(GroupRig.SESSION_MS - LOOK_MS);
        JoinResult back = rig.joinStatic("", "i1").get();
        assertEquals(NONE, back.error());
        passLooks(GroupRig.SESSION_MS);
        assertEquals(GroupState.EMPTY, rig.state());
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(5, kept("t", 0));
        rig.pass(LOOK_MS);
        assertEquals(GONE, kept("t", 0));
    }

    /** Kafka counts it from when the group became empty, and forgets it with the rest. */
    @Test
    void anOffsetThatIsSetWhileNobodyIsThereCountsFromItself() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        rig.leave(member.memberId());
        passLooks(KEPT_MS - LOOK_MS);
        commit(GROUP, "t", 1, 9);
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(GONE, kept("t", 0));
        assertEquals(9, kept("t", 1));
        assertEquals(1, rig.generation(), "its generation stays as long as anything of it");
        rig.pass(LOOK_MS);
        assertFalse(rig.log.fold.knows(GROUP));
    }

    @Test
    void aGroupThatNeverCommittedIsForgottenInTheSameTime() {
        rig.leave(rig.stable().memberId());
        rig.work();
        passLooks(KEPT_MS - LOOK_MS);
        assertTrue(rig.log.fold.knows(GROUP));
        rig.pass(LOOK_MS);
        assertFalse(rig.log.fold.knows(GROUP));
    }

    // ---- topics that nobody is subscribed to

    /** As consumers write it: version, topics, and what later versions have behind them. */
    private static byte[] subscription(String topic) {
        byte[] bytes = new byte[2 + 4 + 2 + topic.length() + 4];
        bytes[1] = 1;
        bytes[5] = 1;
        bytes[7] = (byte) topic.length();
        System.arraycopy(topic.getBytes(), 0, bytes, 8, topic.length());
        return bytes;
    }

    private Membership subscribed(String protocolType, byte[] subscription) {
        Answer<JoinResult> answer = new Answer<>();
        rig.coordinator.join(GROUP, new JoinRequest("", null, "client", "host", GroupRig.SESSION_MS,
                GroupRig.REBALANCE_MS, protocolType, List.of(new Protocol("range", subscription)), FirstJoin.ADMIT),
                rig.nowMs, answer);
        Answer<SyncResult> synced = new Answer<>();
        Membership member = GroupRig.member(answer.get());
        rig.coordinator.sync(GROUP, new SyncRequest(member, "", "", Map.of()), synced);
        assertEquals(NONE, synced.get().error());
        return member;
    }

    @Test
    void offsetsOfATopicThatNoMemberIsSubscribedToExpireAsLongAfterTheirCommit() {
        commit(GROUP, "left", 0, 5);
        commit(GROUP, "t", 0, 6);
        Membership member = subscribed("consumer", subscription("t"));
        passAlive(member, KEPT_MS - LOOK_MS);
        assertEquals(5, kept("left", 0));
        passAlive(member, 2 * LOOK_MS);
        assertEquals(GONE, kept("left", 0));
        assertEquals(6, kept("t", 0));
        requireThatARestartIsToldTheSame();
    }

    @Test
    void offsetsOfMembersWhoseSubscriptionsCanNotBeReadStay() {
        commit(GROUP, "left", 0, 5);
        passAlive(subscribed("consumer", new byte[] {0, 1, 0}), 2 * KEPT_MS);
        assertEquals(5, kept("left", 0));
    }

    @Test
    void offsetsOfMembersThatAreNoConsumersStay() {
        commit(GROUP, "left", 0, 5);
        passAlive(subscribed("connect", subscription("t")), 2 * KEPT_MS);
        assertEquals(5, kept("left", 0));
    }

    // ---- transactions: row 11, KAFKA-5247

    @Test
    void whatATransactionHoldsStaysAndIsThereWhenItCommits() {
        commit(GROUP, "t", 0, 5);
        rig.stage(PRODUCER, NOBODY, 9);
        passLooks(3 * KEPT_MS);
        assertEquals(5, kept("t", 0));
        assertTrue(rig.log.fold.isPending(GROUP, "t", 0));
        rig.log.end(ControlType.COMMIT, PRODUCER);
        assertEquals(9, rig.fetchedOffset());
        requireThatARestartIsToldTheSame();
    }

    @Test
    void whatATransactionHeldIsThereAsBeforeWhenItAborts() {
        commit(GROUP, "t", 0, 5);
        rig.stage(PRODUCER, NOBODY, 9);
        passLooks(3 * KEPT_MS);
        rig.log.end(ControlType.ABORT, PRODUCER);
        assertEquals(5, rig.fetchedOffset());
        passLooks(LOOK_MS);
        assertEquals(GONE, kept("t", 0));
    }

    @Test
    void aGroupThatOnlyATransactionKnowsIsNotForgotten() {
        Membership member = rig.stable();
        rig.stage(PRODUCER, member, 9);
        rig.leave(member.memberId());
        passLooks(3 * KEPT_MS);
        assertEquals(1, rig.log.fold.lastGeneration(GROUP));
        rig.log.end(ControlType.COMMIT, PRODUCER);
        assertEquals(9, rig.fetchedOffset());
    }

    @Test
    void beforeTheFoldKnowsAllThatWasClaimedNothingExpires() {
        commit(GROUP, "t", 0, 5);
        passLooks(KEPT_MS - LOOK_MS);
        rig.log.applying = Pace.BY_HAND;
        rig.stage(PRODUCER, NOBODY, 9);
        passLooks(KEPT_MS);
        assertEquals(5, kept("t", 0), "the staged offset is on its way");
        rig.log.applyAll();
        passLooks(KEPT_MS);
        rig.log.end(ControlType.COMMIT, PRODUCER);
        rig.log.applyAll();
        assertEquals(9, kept("t", 0));
    }

    // ---- restarts

    @Test
    void aRestartBeforeTheDeletionIsKnownFindsTheOffsetAndDeletesItAgain() {
        rig.work();
        commit(GROUP, "t", 0, 5);
        rig.log.acknowledging = Pace.BY_HAND;
        passLooks(KEPT_MS);
        assertEquals(GONE, kept("t", 0));
        rig.restart();
        assertEquals(5, rig.fetchedOffset());
        rig.log.acknowledging = Pace.AT_ONCE;
        passLooks(2 * LOOK_MS);
        assertEquals(GONE, kept("t", 0));
        rig.restart();
        assertEquals(GONE, rig.fetchedOffset());
    }

    @Test
    void aRestartDoesNotBeginTheCountAnew() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        rig.leave(member.memberId());
        passLooks(KEPT_MS / 2);
        rig.restart();
        passLooks(KEPT_MS / 2 - LOOK_MS);
        assertEquals(5, kept("t", 0));
        rig.pass(LOOK_MS);
        assertEquals(GONE, kept("t", 0));
    }

    @Test
    void whatIsOverdueAtAnOpeningStaysForWhoeverComesBackBeforeTheFirstLook() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        rig.leave(member.memberId());
        rig.nowMs += 10 * KEPT_MS;
        rig.restart();
        rig.work();
        rig.pass(LOOK_MS - 10);
        assertEquals(5, rig.fetchedOffset());
        Membership back = rig.stable();
        passAlive(back, KEPT_MS);
        assertEquals(5, rig.fetchedOffset());
    }

    @Test
    void membersThatWentWithTheProcessAreMissedFromTheFirstLookOn() {
        rig.commit(rig.stable(), 5);
        rig.nowMs += 10 * KEPT_MS;
        rig.restart();
        passLooks(2 * LOOK_MS);
        rig.restart();
        passLooks(KEPT_MS - LOOK_MS);
        assertEquals(5, kept("t", 0));
        rig.pass(LOOK_MS);
        assertEquals(GONE, kept("t", 0));
    }

    // ---- an administrator, a log that refuses, a clock that is set

    @Test
    void aGroupThatWasDeletedLeavesNothingToExpireAndOneThatExpiredNothingToDelete() {
        commit(GROUP, "t", 0, 5);
        assertEquals(NONE, delete());
        int before = rig.log.batchCount();
        passLooks(2 * KEPT_MS);
        assertEquals(before, rig.log.batchCount());
        commit(GROUP, "t", 0, 5);
        passLooks(KEPT_MS);
        assertEquals(GROUP_ID_NOT_FOUND, delete());
    }

    @Test
    void aDeletionThatWaitsForTheLogComesBeforeTheLook() {
        rig.work();
        commit(GROUP, "t", 0, 5);
        passLooks(KEPT_MS - LOOK_MS);
        rig.log.applying = Pace.BY_HAND;
        commit("other", "t", 0, 1);
        Answer<GroupError> deleted = new Answer<>();
        rig.coordinator.deleteGroup(GROUP, rig.nowMs, deleted);
        rig.pass(LOOK_MS);
        assertFalse(deleted.isThere());
        rig.log.applyAll();
        rig.work();
        rig.log.applyAll();
        rig.pass(LOOK_MS);
        assertEquals(NONE, deleted.get());
        assertFalse(rig.log.fold.knows(GROUP));
    }

    @Test
    void aLogThatRefusesIsAskedAgain() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        rig.log.isFull = true;
        rig.leave(member.memberId());
        passLooks(3 * KEPT_MS);
        assertEquals(5, kept("t", 0), "that nobody is there is not on record");
        rig.log.isFull = false;
        passLooks(KEPT_MS - LOOK_MS);
        rig.log.isFull = true;
        passLooks(3 * LOOK_MS);
        rig.log.isFull = false;
        assertEquals(5, kept("t", 0));
        passLooks(2 * LOOK_MS);
        assertFalse(rig.log.fold.knows(GROUP));
    }

    @Test
    void aClockThatIsSetBackNeitherStopsTheLooksNorDeletes() {
        rig.work();
        commit(GROUP, "t", 0, 5);
        rig.setClock(-KEPT_MS / 2);
        passLooks(KEPT_MS);
        assertEquals(5, kept("t", 0));
        passLooks(KEPT_MS / 2 + LOOK_MS);
        assertEquals(GONE, kept("t", 0));
    }

    @Test
    void anyNumberOfGroupsExpires() {
        rig.work();
        for (int group = 0; group < 1_000; group++) {
            commit("g" + group, "t", 0, group);
        }
        List<String> left = new ArrayList<>();
        rig.pass(KEPT_MS);
        for (int sweep = 0; sweep < 1_000 && !rig.log.fold.groupIds().isEmpty(); sweep++) {
            rig.pass(10);
            left = rig.log.fold.groupIds();
        }
        assertEquals(List.of(), left);
    }
}
