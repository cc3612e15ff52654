package io.semel.client.consumer;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnstableOffsetCommitException;

import io.semel.transactions.groups.GroupError;

/** Kafka's exceptions for what the group coordinator answers. */
final class GroupErrors {
    private GroupErrors() {
    }

    /** Whether asking again, as it is, may help. */
    static boolean isTransient(GroupError error) {
        return error == GroupError.COORDINATOR_LOAD_IN_PROGRESS || error == GroupError.COORDINATOR_NOT_AVAILABLE
                || error == GroupError.REQUEST_TIMED_OUT || error == GroupError.UNSTABLE_OFFSET_COMMIT;
    }

    /** Whether the caller's seat in the group is gone. */
    static boolean isSeatLost(GroupError error) {
        return error == GroupError.UNKNOWN_MEMBER_ID || error == GroupError.ILLEGAL_GENERATION
                || error == GroupError.FENCED_INSTANCE_ID;
    }

    /** @param attempted what was attempted and by whom */
    static KafkaException of(GroupError error, String attempted) {
        String message = attempted + ": " + error;
        return switch (error) {
            case FENCED_INSTANCE_ID -> new FencedInstanceIdException(
                    message + "; another consumer uses the same group.instance.id");
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION -> new CommitFailedException(message
                    + "; the group gave the partitions to another member, because this one was not polled for"
                    + " max.poll.interval.ms, or its thread ended and no other polled for session.timeout.ms; poll to rejoin");
            case REBALANCE_IN_PROGRESS -> new RebalanceInProgressException(message + "; poll to complete it");
            case GROUP_MAX_SIZE_REACHED -> new GroupMaxSizeReachedException(message);
            case INCONSISTENT_GROUP_PROTOCOL -> new InconsistentGroupProtocolException(
                    message + "; the other members know none of this one's partition.assignment.strategy");
            case INVALID_SESSION_TIMEOUT -> new InvalidSessionTimeoutException(message);
            case INVALID_GROUP_ID -> new InvalidGroupIdException(message);
            case INVALID_REQUEST -> new InvalidRequestException(message);
            case INVALID_COMMIT_OFFSET_SIZE -> new InvalidCommitOffsetSizeException(message);
            case OFFSET_METADATA_TOO_LARGE -> new OffsetMetadataTooLarge(message);
            case UNSTABLE_OFFSET_COMMIT -> new UnstableOffsetCommitException(
                    message + "; a transaction with an offset of this partition is open");
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, REQUEST_TIMED_OUT ->
                new CoordinatorNotAvailableException(message);
            case NONE, FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND, INVALID_REGULAR_EXPRESSION, NON_EMPTY_GROUP,
                    INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE,
                    MEMBER_ID_REQUIRED, STALE_MEMBER_EPOCH, UNRELEASED_INSTANCE_ID, UNSUPPORTED_ASSIGNOR ->
                new KafkaException("unexpected answer: " + message);
        };
    }
}
