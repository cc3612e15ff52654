package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.semel.log.batch.ControlType;
import io.semel.transactions.groups.FakeOffsetsLog.Pace;
import io.semel.transactions.records.OffsetCommitValue;

import static io.semel.transactions.groups.GroupError.COORDINATOR_LOAD_IN_PROGRESS;
import static io.semel.transactions.groups.GroupError.COORDINATOR_NOT_AVAILABLE;
import static io.semel.transactions.groups.GroupError.GROUP_ID_NOT_FOUND;
import static io.semel.transactions.groups.GroupError.ILLEGAL_GENERATION;
import static io.semel.transactions.groups.GroupError.INVALID_PRODUCER_EPOCH;
import static io.semel.transactions.groups.GroupError.INVALID_REQUEST;
import static io.semel.transactions.groups.GroupError.NONE;
import static io.semel.transactions.groups.GroupError.NON_EMPTY_GROUP;
import static io.semel.transactions.groups.GroupError.OFFSET_METADATA_TOO_LARGE;
import static io.semel.transactions.groups.GroupError.REBALANCE_IN_PROGRESS;
import static io.semel.transactions.groups.GroupError.REQUEST_TIMED_OUT;
import static io.semel.transactions.groups.GroupError.UNKNOWN_MEMBER_ID;
import static io.semel.transactions.groups.GroupError.UNSTABLE_OFFSET_COMMIT;
import static io.semel.transactions.groups.GroupRig.GROUP;
import static io.semel.transactions.groups.GroupRig.member;
import static io.semel.transactions.groups.Membership.NOBODY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Commits, fetches and deletions, and whom they are refused. */
class GroupOffsetsTest {

    private static final long PRODUCER = 41;

    private final GroupRig rig = new GroupRig();

    @Test
    void aMembersCommitIsReadBack() {
        assertEquals(NONE, rig.commit(rig.stable(), 12).get());
        assertEquals(12, rig.fetchedOffset());
        CommittedOffset committed = rig.log.fold.committed(GROUP, "t", 0);
        assertEquals(rig.nowMs, committed.commitTimestampMs());
    }

    @Test
    void everythingAboutACommitIsKept() {
        UUID topicId = new UUID(3, 4);
        Answer<GroupError> answer = new Answer<>();
        rig.coordinator.commit(new CommitRequest(GROUP, NOBODY,
                List.of(new OffsetToCommit("t", 3, 9, 2, "note", topicId), OffsetToCommit.of("u", 0, 1))), 77, answer);
        assertEquals(NONE, answer.get());
        assertEquals(new CommittedOffset(9, 2, "note", 77, topicId, 0), rig.log.fold.committed(GROUP, "t", 3));
        assertEquals(OffsetCommitValue.NO_TOPIC_ID, rig.log.fold.committed(GROUP, "u", 0).topicId());
    }

    @Test
    void nobodyMayCommitOnlyWhileTheGroupIsEmpty() {
        assertEquals(NONE, rig.commit(NOBODY, 1).get());
        Membership member = rig.stable();
        assertEquals(UNKNOWN_MEMBER_ID, rig.commit(NOBODY, 2).get());
        rig.leave(member.memberId());
        assertEquals(NONE, rig.commit(NOBODY, 3).get());
        assertEquals(3, rig.fetchedOffset());
    }

    @Test
    void staleGenerationsAndStrangersCannotCommit() {
        Membership old = rig.stable();
        rig.join(old.memberId());
        for (Membership bad : List.of(new Membership("other", null, 2), new Membership(old.memberId(), "i", 2))) {
            assertEquals(UNKNOWN_MEMBER_ID, rig.commit(bad, 5).get());
            assertEquals(UNKNOWN_MEMBER_ID, rig.stage(PRODUCER, bad, 5).get());
        }
        assertEquals(ILLEGAL_GENERATION, rig.commit(old, 5).get());
        assertEquals(ILLEGAL_GENERATION, rig.stage(PRODUCER, old, 5).get());
        assertFalse(rig.log.fold.isPending(GROUP, "t", 0));
    }

    @Test
    void aMemberOfAForgottenGroupIsAStranger() {
        Membership member = rig.stable();
        rig.restart();
        assertEquals(UNKNOWN_MEMBER_ID, rig.commit(member, 5).get());
        assertEquals(UNKNOWN_MEMBER_ID, rig.stage(PRODUCER, member, 5).get());
    }

    @Test
    void aRevokedMemberMayStillCommitUntilTheNextGenerationStarts() {
        Membership first = rig.stable();
        rig.join("");
        assertEquals(NONE, rig.commit(first, 6).get());
        JoinResult next = rig.join(first.memberId()).get();
        assertEquals(ILLEGAL_GENERATION, rig.commit(first, 7).get());
        assertEquals(REBALANCE_IN_PROGRESS, rig.commit(member(next), 7).get());
        assertEquals(NONE, rig.stage(PRODUCER, member(next), 7).get());
        assertEquals(6, rig.fetchedOffset());
    }

    @Test
    void aStaleCommitEitherStandsBeforeTheNewGenerationsFetchOrIsRefused() {
        rig.log.applying = Pace.BY_HAND;
        Membership first = rig.stable();
        assertEquals(NONE, rig.stage(PRODUCER, first, 6).get());
        rig.join(first.memberId());
        Answer<FetchResult> fetched = rig.fetch(Stability.REQUIRED);
        assertFalse(fetched.isThere(), "the claimed commit is not applied yet");
        assertEquals(ILLEGAL_GENERATION, rig.stage(PRODUCER, first, 7).get());
        rig.log.applyAll();
        rig.work();
        assertEquals(UNSTABLE_OFFSET_COMMIT, fetched.get().offsets().get(0).error());
    }

    @Test
    void aPendingOffsetIsUnstableUntilItsTransactionEnds() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        rig.stage(PRODUCER, member, 9);
        assertEquals(UNSTABLE_OFFSET_COMMIT, rig.fetch(Stability.REQUIRED).get().offsets().get(0).error());
        assertEquals(5, rig.fetchedOffset());
        rig.log.end(ControlType.COMMIT, PRODUCER);
        assertEquals(9, rig.fetch(Stability.REQUIRED).get().offsets().get(0).committed().offset());
    }

    @Test
    void anAbortedOffsetWasNeverThere() {
        rig.commit(NOBODY, 5);
        rig.stage(PRODUCER, NOBODY, 9);
        rig.log.end(ControlType.ABORT, PRODUCER);
        assertEquals(5, rig.fetch(Stability.REQUIRED).get().offsets().get(0).committed().offset());
    }

    @Test
    void aFencedProducerStagesNothing() {
        rig.log.fencedProducerIds.add(PRODUCER);
        assertEquals(INVALID_PRODUCER_EPOCH, rig.stage(PRODUCER, NOBODY, 9).get());
    }

    @Test
    void aPlainCommitIsAnsweredWhenItIsAcknowledged() {
        rig.log.acknowledging = Pace.BY_HAND;
        Answer<GroupError> first = rig.commit(NOBODY, 5);
        Answer<GroupError> second = rig.commit(NOBODY, 6);
        rig.work();
        assertFalse(first.isThere());
        rig.log.acknowledgeAll();
        rig.work();
        assertEquals(NONE, first.get());
        assertEquals(NONE, second.get());
    }

    @Test
    void waitsForTheLogEnd() {
        rig.log.acknowledging = Pace.BY_HAND;
        rig.log.applying = Pace.BY_HAND;
        Answer<GroupError> committed = rig.commit(NOBODY, 5);
        Answer<FetchResult> fetched = rig.fetch(Stability.ANY);
        Answer<GroupError> deleted = new Answer<>();
        rig.coordinator.deleteGroup(GROUP, rig.nowMs, deleted);
        rig.pass(GroupLimits.LOG_TIMEOUT_MS);
        assertEquals(REQUEST_TIMED_OUT, committed.get());
        assertEquals(COORDINATOR_LOAD_IN_PROGRESS, fetched.get().error());
        assertEquals(REQUEST_TIMED_OUT, deleted.get());
    }

    @Test
    void aFullLogIsARetriableError() {
        rig.log.isFull = true;
        assertEquals(COORDINATOR_NOT_AVAILABLE, rig.commit(NOBODY, 5).get());
        assertEquals(COORDINATOR_NOT_AVAILABLE, rig.stage(PRODUCER, NOBODY, 5).get());
        assertEquals(CommittedOffset.NO_OFFSET, rig.fetchedOffset());
    }

    @Test
    void malformedOffsetsAreRefusedAsAWhole() {
        assertEquals(INVALID_REQUEST, rig.commit(NOBODY, -1).get());
        Answer<GroupError> wordy = new Answer<>();
        rig.coordinator.commit(new CommitRequest(GROUP, NOBODY, List.of(OffsetToCommit.of("t", 0, 1),
                new OffsetToCommit("t", 1, 1, -1, "x".repeat(4_097), OffsetCommitValue.NO_TOPIC_ID))), 1, wordy);
        assertEquals(OFFSET_METADATA_TOO_LARGE, wordy.get());
        assertEquals(0, rig.log.batchCount());
        Answer<GroupError> empty = new Answer<>();
        rig.coordinator.commit(new CommitRequest(GROUP, NOBODY, List.of()), 1, empty);
        assertEquals(NONE, empty.get());
    }

    @Test
    void aGroupWithMembersIsNotDeleted() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        assertEquals(NON_EMPTY_GROUP, delete());
        rig.leave(member.memberId());
        assertEquals(NONE, delete());
        assertEquals(CommittedOffset.NO_OFFSET, rig.fetchedOffset());
        assertEquals(GroupState.DEAD, rig.state());
        assertEquals(GROUP_ID_NOT_FOUND, delete());
    }

    @Test
    void deletingAGroupBeatsOffsetsThatWerePending() {
        rig.commit(NOBODY, 5);
        rig.stage(PRODUCER, NOBODY, 9);
        assertEquals(NONE, delete());
        rig.log.end(ControlType.COMMIT, PRODUCER);
        assertEquals(CommittedOffset.NO_OFFSET, rig.fetchedOffset());
        assertFalse(rig.log.fold.knows(GROUP));
    }

    @Test
    void aGroupOfAnySizeIsDeleted() {
        for (int round = 0; round < 4; round++) {
            List<OffsetToCommit> offsets = new ArrayList<>();
            for (int i = 0; i < 900; i++) {
                offsets.add(OffsetToCommit.of("t".repeat(800) + round, i, 1));
            }
            Answer<GroupError> answer = new Answer<>();
            rig.coordinator.commit(new CommitRequest(GROUP, NOBODY, offsets), 1, answer);
            assertEquals(NONE, answer.get());
        }
        assertEquals(NONE, delete());
        assertFalse(rig.log.fold.knows(GROUP));
    }

    @Test
    void anOffsetIsDeletedByItself() {
        rig.commit(NOBODY, 5);
        Answer<GroupError> deleted = new Answer<>();
        rig.coordinator.deleteOffsets(GROUP, List.of(new PartitionName("t", 0), new PartitionName("t", 1)), rig.nowMs,
                deleted);
        assertEquals(NONE, deleted.get());
        assertEquals(CommittedOffset.NO_OFFSET, rig.fetchedOffset());
    }

    @Test
    void groupsAreListedWithOrWithoutMembers() {
        rig.stable();
        Answer<GroupError> other = new Answer<>();
        rig.coordinator.commit(new CommitRequest("a", NOBODY, List.of(OffsetToCommit.of("t", 0, 1))), 1, other);
        assertEquals(List.of(new GroupDescription.Listing("a", GroupKind.CLASSIC, GroupState.EMPTY, ""),
                new GroupDescription.Listing(GROUP, GroupKind.CLASSIC, GroupState.STABLE, "consumer")), rig.coordinator
                        .list());
        assertEquals(GroupState.DEAD, rig.coordinator.describe("unknown").state());
        GroupDescription.Member member = rig.coordinator.describe(GROUP).members().get(0);
        assertEquals("client", member.clientId());
        assertEquals(1, member.assignment().length);
    }

    @Test
    void allOffsetsOfAGroupAreFetched() {
        rig.commit(NOBODY, 5);
        rig.coordinator.commit(new CommitRequest(GROUP, NOBODY, List.of(OffsetToCommit.of("u", 1, 6))), 1, error -> {
        });
        Answer<FetchResult> all = new Answer<>();
        rig.coordinator.fetchAll(GROUP, Stability.REQUIRED, all);
        assertEquals(2, all.get().offsets().size());
        Answer<FetchResult> none = new Answer<>();
        rig.coordinator.fetchAll("nobody", Stability.REQUIRED, none);
        assertEquals(List.of(), none.get().offsets());
    }

    @Test
    void committingKeepsASessionAlive() {
        Membership member = rig.stable();
        for (int i = 0; i < 5; i++) {
            rig.pass(GroupRig.SESSION_MS - 10);
            assertEquals(NONE, rig.commit(member, i).get());
        }
        assertEquals(GroupState.STABLE, rig.state());
    }

    @Test
    void offsetsAndGenerationsComeBackAfterARestart() {
        Membership member = rig.stable();
        rig.commit(member, 5);
        rig.stage(PRODUCER, member, 9);
        rig.restart();
        assertEquals(5, rig.fetchedOffset());
        assertTrue(rig.log.fold.isPending(GROUP, "t", 0));
        rig.log.end(ControlType.COMMIT, PRODUCER);
        assertEquals(9, rig.fetchedOffset());
        assertEquals(1, rig.generation());
        assertNotEquals(rig.stable().generation(), member.generation());
    }

    @Test
    void aSecondTransactionOfTheSameProducerStartsWithNothingStaged() {
        rig.stage(PRODUCER, NOBODY, 9);
        rig.log.end(ControlType.ABORT, PRODUCER);
        rig.log.end(ControlType.COMMIT, PRODUCER);
        assertEquals(CommittedOffset.NO_OFFSET, rig.fetchedOffset());
    }

    private GroupError delete() {
        Answer<GroupError> deleted = new Answer<>();
        rig.coordinator.deleteGroup(GROUP, rig.nowMs, deleted);
        return deleted.get();
    }
}
