package io.semel.server.network.groups;

import io.semel.transactions.groups.GroupError;
import io.semel.wire.protocol.Errors;

/** Kafka's codes for what the group coordinator answers, one by one. Stateless. */
final class GroupCodes {
    private GroupCodes() {
    }

    static short of(GroupError error) {
        return errorOf(error).code();
    }

    static Errors errorOf(GroupError error) {
        return switch (error) {
            case NONE -> Errors.NONE;
            case COORDINATOR_LOAD_IN_PROGRESS -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
            // Who hears REQUEST_TIMED_OUT of a group mostly gives up; Kafka's broker says this instead, too.
            case COORDINATOR_NOT_AVAILABLE, REQUEST_TIMED_OUT -> Errors.COORDINATOR_NOT_AVAILABLE;
            case FENCED_INSTANCE_ID -> Errors.FENCED_INSTANCE_ID;
            case FENCED_MEMBER_EPOCH -> Errors.FENCED_MEMBER_EPOCH;
            case GROUP_ID_NOT_FOUND -> Errors.GROUP_ID_NOT_FOUND;
            case GROUP_MAX_SIZE_REACHED -> Errors.GROUP_MAX_SIZE_REACHED;
            case ILLEGAL_GENERATION -> Errors.ILLEGAL_GENERATION;
            case INCONSISTENT_GROUP_PROTOCOL -> Errors.INCONSISTENT_GROUP_PROTOCOL;
            case INVALID_COMMIT_OFFSET_SIZE -> Errors.INVALID_COMMIT_OFFSET_SIZE;
            case INVALID_GROUP_ID -> Errors.INVALID_GROUP_ID;
            case INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
            case INVALID_REGULAR_EXPRESSION -> Errors.INVALID_REGULAR_EXPRESSION;
            case INVALID_REQUEST -> Errors.INVALID_REQUEST;
            case INVALID_SESSION_TIMEOUT -> Errors.INVALID_SESSION_TIMEOUT;
            case INVALID_TXN_STATE -> Errors.INVALID_TXN_STATE;
            case MEMBER_ID_REQUIRED -> Errors.MEMBER_ID_REQUIRED;
            case NON_EMPTY_GROUP -> Errors.NON_EMPTY_GROUP;
            case OFFSET_METADATA_TOO_LARGE -> Errors.OFFSET_METADATA_TOO_LARGE;
            case REBALANCE_IN_PROGRESS -> Errors.REBALANCE_IN_PROGRESS;
            case STALE_MEMBER_EPOCH -> Errors.STALE_MEMBER_EPOCH;
            case UNKNOWN_MEMBER_ID -> Errors.UNKNOWN_MEMBER_ID;
            case UNRELEASED_INSTANCE_ID -> Errors.UNRELEASED_INSTANCE_ID;
            case UNSTABLE_OFFSET_COMMIT -> Errors.UNSTABLE_OFFSET_COMMIT;
            case UNSUPPORTED_ASSIGNOR -> Errors.UNSUPPORTED_ASSIGNOR;
        };
    }
}
