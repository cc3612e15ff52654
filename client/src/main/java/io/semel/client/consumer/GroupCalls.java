package io.semel.client.consumer;

import java.util.List;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Waiting;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.GroupCoordinator;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.JoinRequest;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.groups.SyncRequest;
import io.semel.transactions.groups.SyncResult;

/**
 * One group's coordinator as its consumer calls it: every answer is an {@link Answer} that may be awaited.
 *
 * <p>Thread rule: any thread, except {@link #await}, the polling one.
 */
final class GroupCalls {
    private final ClientRuntime runtime;
    private final GroupCoordinator coordinator;
    private final Parking parking;
    private final String groupId;

    GroupCalls(ClientRuntime runtime, Parking parking, String groupId) {
        this.runtime = runtime;
        this.coordinator = runtime.broker().groups();
        this.parking = parking;
        this.groupId = groupId;
    }

    /** Whether a wait ends when {@code wakeup} is called. */
    enum Wakeups {
        HEEDED, IGNORED
    }

    String groupId() {
        return groupId;
    }

    <T> Answer<T> newAnswer() {
        return new Answer<>(parking);
    }

    Answer<JoinResult> join(JoinRequest request) {
        Answer<JoinResult> answer = newAnswer();
        coordinator.join(groupId, request, now(), answer);
        return answer;
    }

    Answer<SyncResult> sync(SyncRequest request) {
        Answer<SyncResult> answer = newAnswer();
        coordinator.sync(groupId, request, answer);
        return answer;
    }

    GroupError heartbeat(Membership membership) {
        return coordinator.heartbeat(groupId, membership);
    }

    GroupError leave(String memberId, String groupInstanceId) {
        return coordinator.leave(groupId, memberId, groupInstanceId, now());
    }

    Answer<GroupError> commit(Membership membership, List<OffsetToCommit> offsets) {
        Answer<GroupError> answer = newAnswer();
        coordinator.commit(new CommitRequest(groupId, membership, offsets), now(), answer);
        return answer;
    }

    /** Offsets of an open transaction are waited for: where the group goes on is about to be decided. */
    Answer<FetchResult> fetch(List<PartitionName> partitions) {
        Answer<FetchResult> answer = newAnswer();
        coordinator.fetch(groupId, partitions, Stability.REQUIRED, answer);
        return answer;
    }

    /** Waits for an answer, and helps the coordinator to find it. */
    <T> T await(Answer<T> answer, Waiting waiting, Wakeups wakeups) {
        while (!answer.isHere()) {
            coordinator.doWork(now());
            if (answer.isHere()) {
                break;
            }
            if (wakeups == Wakeups.HEEDED) {
                throwIfWoken();
            }
            waiting.pause();
        }
        return answer.get();
    }

    void throwIfWoken() {
        parking.throwIfStopped();
    }

    long now() {
        return runtime.clock().time();
    }
}
