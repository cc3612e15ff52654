package io.semel.transactions.groups;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.semel.transactions.groups.JoinRequest.FirstJoin;

import static io.semel.transactions.groups.GroupError.COORDINATOR_NOT_AVAILABLE;
import static io.semel.transactions.groups.GroupError.FENCED_INSTANCE_ID;
import static io.semel.transactions.groups.GroupError.GROUP_MAX_SIZE_REACHED;
import static io.semel.transactions.groups.GroupError.ILLEGAL_GENERATION;
import static io.semel.transactions.groups.GroupError.INCONSISTENT_GROUP_PROTOCOL;
import static io.semel.transactions.groups.GroupError.INVALID_GROUP_ID;
import static io.semel.transactions.groups.GroupError.INVALID_SESSION_TIMEOUT;
import static io.semel.transactions.groups.GroupError.MEMBER_ID_REQUIRED;
import static io.semel.transactions.groups.GroupError.NONE;
import static io.semel.transactions.groups.GroupError.REBALANCE_IN_PROGRESS;
import static io.semel.transactions.groups.GroupError.UNKNOWN_MEMBER_ID;
import static io.semel.transactions.groups.GroupRig.REBALANCE_MS;
import static io.semel.transactions.groups.GroupRig.SESSION_MS;
import static io.semel.transactions.groups.GroupRig.member;
import static io.semel.transactions.groups.GroupRig.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One fact per transition and per refusal of the classic protocol. */
class GroupMembershipTest {
    private static final long HOUR_MS = 3_600_000;

    private final GroupRig rig = new GroupRig();

    @Test
    void theFirstMemberLeadsTheFirstGeneration() {
        JoinResult joined = rig.join("").get();
        assertEquals(NONE, joined.error());
        assertEquals(1, joined.generation());
        assertEquals(joined.memberId(), joined.leaderId());
        assertEquals("range", joined.protocol());
        assertEquals(List.of(joined.memberId()), joined.members().stream().map(JoinResult.Member::memberId).toList());
        assertEquals(GroupState.COMPLETING_REBALANCE, rig.state());
    }

    @Test
    void theLeadersAssignmentMakesTheGroupStable() {
        JoinResult joined = rig.join("").get();
        SyncResult synced = rig.sync(joined, Map.of(joined.memberId(), new byte[] {7})).get();
        assertArrayEquals(new byte[] {7}, synced.assignment());
        assertEquals(GroupState.STABLE, rig.state());
        assertArrayEquals(new byte[] {7}, rig.sync(joined, Map.of()).get().assignment(), "a retry gets the same");
    }

    @Test
    void aNewcomerWaitsUntilTheOthersHaveJoinedAgain() {
        Membership first = rig.stable();
        Answer<JoinResult> newcomer = rig.join("");
        assertFalse(newcomer.isThere());
        assertEquals(GroupState.PREPARING_REBALANCE, rig.state());
        assertEquals(REBALANCE_IN_PROGRESS, rig.heartbeat(first));

        JoinResult again = rig.join(first.memberId()).get();
        assertEquals(2, again.generation());
        assertEquals(2, again.members().size());
        assertEquals(2, newcomer.get().generation());
        assertEquals(first.memberId(), newcomer.get().leaderId(), "who led goes on leading");
        assertEquals(List.of(), newcomer.get().members(), "only the leader sees the others");
    }

    @Test
    void aFollowersSyncWaitsForTheLeader() {
        Membership first = rig.stable();
        Answer<JoinResult> second = rig.join("");
        JoinResult leader = rig.join(first.memberId()).get();
        Answer<SyncResult> follower = rig.sync(second.get(), Map.of());
        assertFalse(follower.isThere());
        rig.sync(leader, Map.of(leader.memberId(), new byte[] {1}, second.get().memberId(), new byte[] {2}));
        assertArrayEquals(new byte[] {2}, follower.get().assignment());
    }

    @Test
    void aJoinWhileCompletingSendsTheSyncingBackToJoin() {
        Membership first = rig.stable();
        Answer<JoinResult> second = rig.join("");
        rig.join(first.memberId());
        Answer<SyncResult> parked = rig.sync(second.get(), Map.of());
        rig.join("");
        assertEquals(REBALANCE_IN_PROGRESS, parked.get().error());
        assertEquals(REBALANCE_IN_PROGRESS, rig.sync(second.get(), Map.of()).get().error());
    }

    @Test
    void whoDoesNotJoinAgainInTimeLosesItsSeat() {
        Membership first = rig.stable();
        Answer<JoinResult> second = rig.join("");
        for (int i = 0; i < 5; i++) {
            rig.pass(REBALANCE_MS / 6);
            rig.heartbeat(first);
            assertFalse(second.isThere());
        }
        rig.pass(REBALANCE_MS / 6);
        assertEquals(2, second.get().generation());
        assertEquals(second.get().memberId(), second.get().leaderId());
        assertEquals(UNKNOWN_MEMBER_ID, rig.heartbeat(first));
    }

    @Test
    void aSilentMemberIsEvictedAfterItsSession() {
        Membership first = rig.stable();
        rig.pass(SESSION_MS - 10);
        assertEquals(NONE, rig.heartbeat(first));
        rig.pass(SESSION_MS - 10);
        assertEquals(GroupState.STABLE, rig.state());
        rig.pass(10);
        assertEquals(GroupState.EMPTY, rig.state());
        assertEquals(UNKNOWN_MEMBER_ID, rig.heartbeat(first));
    }

    @Test
    void aClockThatIsSetBackByAnHourKeepsNoDeadMember() {
        rig.stable();
        rig.setClock(-HOUR_MS);
        rig.pass(SESSION_MS - 10);
        assertEquals(GroupState.STABLE, rig.state());
        rig.pass(10);
        assertEquals(GroupState.EMPTY, rig.state());
    }

    @Test
    void aClockThatIsSetAheadByAnHourEvictsNobody() {
        Membership first = rig.stable();
        rig.setClock(HOUR_MS);
        rig.pass(SESSION_MS - 10);
        assertEquals(NONE, rig.heartbeat(first));
        Answer<JoinResult> second = rig.join("");
        rig.setClock(HOUR_MS);
        rig.pass(10);
        assertFalse(second.isThere(), "the rebalance waits for the first still");
        assertEquals(NONE, rig.join(first.memberId()).get().error());
        assertEquals(NONE, second.get().error());
        rig.setClock(HOUR_MS);
        rig.pass(10);
        assertEquals(GroupState.COMPLETING_REBALANCE, rig.state());
        assertEquals(2, rig.coordinator.describe(GroupRig.GROUP).members().size());
    }

    @Test
    void aRebalanceEndsInItsTimeWhereverTheClockIsSet() {
        rig.stable();
        Answer<JoinResult> second = rig.join("");
        rig.setClock(-HOUR_MS);
        rig.pass(SESSION_MS);
        assertEquals(NONE, second.get().error(), "the first was silent for its session");
    }

    @Test
    void whoeverWaitsForTheLogWaitsAsLongWhereverTheClockIsSet() {
        rig.log.acknowledging = FakeOffsetsLog.Pace.BY_HAND;
        Answer<GroupError> committed = rig.commit(Membership.NOBODY, 5);
        rig.setClock(HOUR_MS);
        rig.pass(10);
        assertFalse(committed.isThere());
        rig.setClock(-2 * HOUR_MS);
        rig.pass(GroupLimits.LOG_TIMEOUT_MS);
        assertEquals(GroupError.REQUEST_TIMED_OUT, committed.get());
    }

    @Test
    void whatIsWrittenDownBearsTheTimeOfTheClockThatIsSet() {
        Membership member = rig.stable();
        rig.setClock(HOUR_MS);
        rig.commit(member, 5);
        assertEquals(rig.nowMs, rig.log.fold.committed(GroupRig.GROUP, "t", 0).commitTimestampMs());
        rig.leave(member.memberId());
        assertEquals(rig.nowMs, rig.log.fold.recordOf(GroupRig.GROUP).timestampMs());
    }

    @Test
    void aLeaderThatNeverAssignsIsEvictedAndTheOthersGoOn() {
        Membership first = rig.stable();
        Answer<JoinResult> second = rig.join("");
        JoinResult leader = rig.join(first.memberId()).get();
        Answer<SyncResult> parked = rig.sync(second.get(), Map.of());
        for (int i = 0; i < 6; i++) {
            rig.pass(REBALANCE_MS / 6);
            rig.heartbeat(member(leader));
        }
        assertEquals(REBALANCE_IN_PROGRESS, parked.get().error());
        assertEquals(UNKNOWN_MEMBER_ID, rig.heartbeat(member(leader)));
        assertEquals(second.get().memberId(), rig.join(second.get().memberId()).get().leaderId());
    }

    @Test
    void leavingStartsARebalanceAndTheLastOneEmptiesTheGroup() {
        Membership first = rig.stable();
        Answer<JoinResult> second = rig.join("");
        rig.join(first.memberId());
        assertEquals(NONE, rig.leave(first.memberId()));
        assertEquals(GroupState.PREPARING_REBALANCE, rig.state());
        assertEquals(UNKNOWN_MEMBER_ID, rig.leave(first.memberId()));
        assertEquals(NONE, rig.leave(second.get().memberId()));
        assertEquals(GroupState.EMPTY, rig.state());
    }

    @Test
    void aParkedJoinIsAnsweredWhenItsMemberLeaves() {
        Membership first = rig.stable();
        rig.join("");
        Answer<JoinResult> third = rig.join("");
        rig.leave("m3");
        assertEquals(UNKNOWN_MEMBER_ID, third.get().error());
        assertEquals(2, rig.join(first.memberId()).get().members().size());
    }

    @Test
    void aRepeatedJoinAnswersTheOlderOne() {
        Membership first = rig.stable();
        rig.join("");
        Answer<JoinResult> older = rig.join(request("", "i", FirstJoin.ADMIT, "range"));
        Answer<JoinResult> newer = rig.join(request("m3", "i", FirstJoin.ADMIT, "range"));
        assertEquals(REBALANCE_IN_PROGRESS, older.get().error());
        rig.join(first.memberId());
        assertEquals(NONE, newer.get().error());
    }

    @Test
    void aRetryWhileCompletingGetsTheSameGeneration() {
        JoinResult joined = rig.join("").get();
        JoinResult retry = rig.join(joined.memberId()).get();
        assertEquals(joined.generation(), retry.generation());
        assertEquals(1, retry.members().size());
    }

    @Test
    void aFollowersUnchangedJoinLeavesAStableGroupAlone() {
        Membership first = rig.stable();
        Answer<JoinResult> second = rig.join("");
        JoinResult leader = rig.join(first.memberId()).get();
        rig.sync(leader, Map.of());
        assertEquals(2, rig.join(second.get().memberId()).get().generation());
        assertEquals(GroupState.STABLE, rig.state());
        Answer<JoinResult> changed = rig.join(request(second.get().memberId(), null, FirstJoin.ADMIT, "range:other"));
        assertFalse(changed.isThere());
        assertEquals(GroupState.PREPARING_REBALANCE, rig.state());
    }

    @Test
    void aLeadersJoinStartsARebalance() {
        Membership leader = rig.stable();
        assertEquals(leader.generation() + 1, rig.join(leader.memberId()).get().generation());
    }

    @Test
    void aRemoteNewcomerGetsAnIdToComeBackWith() {
        JoinRequest first = request("", null, FirstJoin.REQUIRE_MEMBER_ID, "range");
        JoinResult reserved = rig.join(first).get();
        assertEquals(MEMBER_ID_REQUIRED, reserved.error());
        assertEquals(GroupState.EMPTY, rig.state());
        JoinResult joined = rig.join(request(reserved.memberId(), null, FirstJoin.REQUIRE_MEMBER_ID, "range")).get();
        assertEquals(reserved.memberId(), joined.memberId());
        assertEquals(NONE, joined.error());
    }

    @Test
    void aReservedIdExpires() {
        JoinResult reserved = rig.join(request("", null, FirstJoin.REQUIRE_MEMBER_ID, "range")).get();
        rig.pass(SESSION_MS);
        assertEquals(UNKNOWN_MEMBER_ID, rig.join(reserved.memberId()).get().error());
    }

    @Test
    void aRebalanceWaitsForReservedIds() {
        Membership first = rig.stable();
        Answer<JoinResult> second = rig.join("");
        JoinResult reserved = rig.join(request("", null, FirstJoin.REQUIRE_MEMBER_ID, "range")).get();
        rig.join(first.memberId());
        assertFalse(second.isThere());
        rig.join(reserved.memberId());
        assertEquals(2, second.get().generation());
    }

    @Test
    void aStaticMemberComesBackToItsAssignmentWithoutARebalance() {
        JoinResult joined = rig.joinStatic("", "i1").get();
        Membership old = new Membership(joined.memberId(), "i1", joined.generation());
        rig.sync(old, Map.of(joined.memberId(), new byte[] {9}));
        JoinResult back = rig.joinStatic("", "i1").get();
        assertEquals(joined.generation(), back.generation());
        assertEquals(back.memberId(), back.leaderId());
        assertEquals(JoinResult.Assigning.ALREADY_ASSIGNED, back.assignment());
        assertEquals(List.of(back.memberId()), back.members().stream().map(JoinResult.Member::memberId).toList());
        Membership heir = new Membership(back.memberId(), "i1", back.generation());
        assertArrayEquals(new byte[] {9}, rig.sync(heir, Map.of()).get().assignment());
        assertEquals(FENCED_INSTANCE_ID, rig.heartbeat(old));
        assertEquals(FENCED_INSTANCE_ID, rig.commit(old, 5).get());
        assertEquals(FENCED_INSTANCE_ID, rig.joinStatic(joined.memberId(), "i1").get().error());
        assertEquals(GroupState.STABLE, rig.state());
    }

    @Test
    void aReplacedStaticMembersParkedJoinIsFenced() {
        rig.stable();
        Answer<JoinResult> parked = rig.joinStatic("", "i1");
        Answer<JoinResult> heir = rig.joinStatic("", "i1");
        assertEquals(FENCED_INSTANCE_ID, parked.get().error());
        assertFalse(heir.isThere());
        rig.join("m1");
        assertEquals(NONE, heir.get().error());
    }

    @Test
    void aStaticMemberKeepsItsSeatThroughARebalanceUntilItsSessionEnds() {
        JoinRequest slow = new JoinRequest("", "i1", "c", "h", 60_000, 5_000, "consumer",
                request("", null, FirstJoin.ADMIT, "range").protocols(), FirstJoin.ADMIT);
        JoinResult joined = rig.join(slow).get();
        rig.sync(new Membership(joined.memberId(), "i1", 1), Map.of());
        Answer<JoinResult> second = rig.join("");
        rig.pass(REBALANCE_MS);
        assertEquals(2, second.get().members().size(), "the absent static member is still counted in");
        rig.sync(second.get(), Map.of());
        for (int i = 0; i < 6; i++) {
            rig.pass(5_000);
            rig.heartbeat(member(second.get()));
        }
        assertEquals(REBALANCE_IN_PROGRESS, rig.heartbeat(member(second.get())), "now it is gone");
        assertEquals(1, rig.join(second.get().memberId()).get().members().size());
    }

    @Test
    void anAdministratorRemovesAStaticMemberByItsInstance() {
        rig.joinStatic("", "i1");
        assertEquals(FENCED_INSTANCE_ID, rig.coordinator.leave(GroupRig.GROUP, "other", "i1", rig.nowMs));
        assertEquals(NONE, rig.coordinator.leave(GroupRig.GROUP, "", "i1", rig.nowMs));
        assertEquals(GroupState.EMPTY, rig.state());
    }

    @Test
    void theProtocolMostMembersPreferIsChosenAmongThoseThatAllSpeak() {
        rig.join(request("", null, FirstJoin.ADMIT, "a", "b", "c"));
        rig.join(request("", null, FirstJoin.ADMIT, "c", "b"));
        Answer<JoinResult> third = rig.join(request("", null, FirstJoin.ADMIT, "x", "c", "b"));
        rig.join(request("m1", null, FirstJoin.ADMIT, "a", "b", "c"));
        assertEquals("c", third.get().protocol());
    }

    @Test
    void aMemberWithNothingInCommonIsRefused() {
        rig.stable();
        assertEquals(INCONSISTENT_GROUP_PROTOCOL,
                rig.join(request("", null, FirstJoin.ADMIT, "sticky")).get().error());
        JoinRequest connect = new JoinRequest("", null, "c", "h", SESSION_MS, REBALANCE_MS, "connect",
                request("", null, FirstJoin.ADMIT, "range").protocols(), FirstJoin.ADMIT);
        assertEquals(INCONSISTENT_GROUP_PROTOCOL, rig.join(connect).get().error());
        assertEquals(INCONSISTENT_GROUP_PROTOCOL, rig.join(request("", null, FirstJoin.ADMIT)).get().error());
        assertEquals(GroupState.STABLE, rig.state());
    }

    @Test
    void limitsAreKept() {
        for (int i = 0; i < GroupRig.LIMITS.maxSize(); i++) {
            rig.join("");
        }
        assertEquals(GROUP_MAX_SIZE_REACHED, rig.join("").get().error());
        JoinRequest hasty = new JoinRequest("", null, "c", "h", 999, REBALANCE_MS, "consumer",
                request("", null, FirstJoin.ADMIT, "range").protocols(), FirstJoin.ADMIT);
        assertEquals(INVALID_SESSION_TIMEOUT, rig.join(hasty).get().error());
        Answer<JoinResult> nameless = new Answer<>();
        rig.coordinator.join("", hasty, rig.nowMs, nameless);
        assertEquals(INVALID_GROUP_ID, nameless.get().error());
    }

    @Test
    void oldGenerationsAndStrangersAreRefusedEverywhere() {
        Membership member = rig.stable();
        Membership stale = new Membership(member.memberId(), null, member.generation() - 1);
        Membership stranger = new Membership("nobody", null, member.generation());
        assertEquals(ILLEGAL_GENERATION, rig.heartbeat(stale));
        assertEquals(ILLEGAL_GENERATION, rig.sync(stale, Map.of()).get().error());
        assertEquals(UNKNOWN_MEMBER_ID, rig.heartbeat(stranger));
        assertEquals(UNKNOWN_MEMBER_ID, rig.sync(stranger, Map.of()).get().error());
        assertEquals(UNKNOWN_MEMBER_ID, rig.join("nobody").get().error());
        Answer<SyncResult> other = new Answer<>();
        rig.coordinator.sync(GroupRig.GROUP, new SyncRequest(member, "consumer", "sticky", Map.of()), other);
        assertEquals(INCONSISTENT_GROUP_PROTOCOL, other.get().error());
    }

    @Test
    void anInitialDelayGathersMembersIntoOneGeneration() {
        GroupRig delayed = new GroupRig(new GroupLimits(1_000, 60_000, 4, 3_000));
        Answer<JoinResult> first = delayed.join("");
        delayed.pass(2_000);
        Answer<JoinResult> second = delayed.join("");
        delayed.pass(2_000);
        assertFalse(first.isThere(), "the second one extended the wait");
        delayed.pass(1_000);
        assertEquals(1, first.get().generation());
        assertEquals(1, second.get().generation());
        assertEquals(2, first.get().members().size());
    }

    @Test
    void aJoinIsAnsweredOnlyWhenItsGenerationIsAcknowledged() {
        rig.log.acknowledging = FakeOffsetsLog.Pace.BY_HAND;
        Answer<JoinResult> joined = rig.join("");
        rig.work();
        assertFalse(joined.isThere());
        rig.log.acknowledgeAll();
        rig.work();
        assertEquals(1, joined.get().generation());
    }

    @Test
    void aGenerationThatIsNeverAcknowledgedIsGivenUpWithARetriableError() {
        rig.log.acknowledging = FakeOffsetsLog.Pace.BY_HAND;
        Answer<JoinResult> joined = rig.join("");
        rig.pass(GroupLimits.LOG_TIMEOUT_MS);
        assertEquals(COORDINATOR_NOT_AVAILABLE, joined.get().error());
    }

    @Test
    void aGenerationThatTheLogRefusesStartsLater() {
        rig.log.isFull = true;
        Answer<JoinResult> joined = rig.join("");
        assertFalse(joined.isThere());
        assertEquals(GroupState.PREPARING_REBALANCE, rig.state());
        rig.log.isFull = false;
        rig.pass(1_000);
        assertEquals(1, joined.get().generation());
    }

    @Test
    void aRestartedGroupIsEmptyAndNeverReusesAGeneration() {
        Membership before = rig.stable();
        int last = rig.join(before.memberId()).get().generation();
        rig.restart();
        assertEquals(GroupState.EMPTY, rig.state());
        assertEquals(UNKNOWN_MEMBER_ID, rig.heartbeat(before));
        assertEquals(last + 1, rig.join("").get().generation());
    }

    @Test
    void anEmptyGroupIsForgottenButNotItsGeneration() {
        Membership member = rig.stable();
        rig.leave(member.memberId());
        rig.pass(1_000);
        assertEquals(member.generation() + 1, rig.join("").get().generation());
    }

    @Test
    void aReplyMayCallTheCoordinatorAgain() {
        Answer<SyncResult> synced = new Answer<>();
        rig.coordinator.join(GroupRig.GROUP, request("", null, FirstJoin.ADMIT, "range"), rig.nowMs,
                joined -> rig.coordinator.sync(GroupRig.GROUP,
                        new SyncRequest(member(joined), "", "", Map.of()), synced));
        assertTrue(synced.isThere());
    }
}
