package io.semel.transactions.groups;

import io.semel.transactions.groups.consumer.Fault;

/** Outcomes of group operations, by Kafka's names; the network maps them to Kafka's codes one by one. */
public enum GroupError {
    NONE,
    COORDINATOR_LOAD_IN_PROGRESS,
    COORDINATOR_NOT_AVAILABLE,
    FENCED_INSTANCE_ID,
    FENCED_MEMBER_EPOCH,
    GROUP_ID_NOT_FOUND,
    GROUP_MAX_SIZE_REACHED,
    ILLEGAL_GENERATION,
    INCONSISTENT_GROUP_PROTOCOL,
    INVALID_COMMIT_OFFSET_SIZE,
    INVALID_GROUP_ID,
    INVALID_PRODUCER_EPOCH,
    INVALID_REGULAR_EXPRESSION,
    INVALID_REQUEST,
    INVALID_SESSION_TIMEOUT,
    INVALID_TXN_STATE,
    MEMBER_ID_REQUIRED,
    NON_EMPTY_GROUP,
    OFFSET_METADATA_TOO_LARGE,
    REBALANCE_IN_PROGRESS,
    REQUEST_TIMED_OUT,
    STALE_MEMBER_EPOCH,
    UNKNOWN_MEMBER_ID,
    UNRELEASED_INSTANCE_ID,
    UNSTABLE_OFFSET_COMMIT,
    UNSUPPORTED_ASSIGNOR;

    static GroupError of(Fault fault) {
        return switch (fault) {
            case NONE -> NONE;
            case FENCED_INSTANCE_ID -> FENCED_INSTANCE_ID;
            case FENCED_MEMBER_EPOCH -> FENCED_MEMBER_EPOCH;
            case GROUP_MAX_SIZE_REACHED -> GROUP_MAX_SIZE_REACHED;
            case INVALID_REGULAR_EXPRESSION -> INVALID_REGULAR_EXPRESSION;
            case INVALID_REQUEST -> INVALID_REQUEST;
            case UNKNOWN_MEMBER_ID -> UNKNOWN_MEMBER_ID;
            case UNRELEASED_INSTANCE_ID -> UNRELEASED_INSTANCE_ID;
            case UNSUPPORTED_ASSIGNOR -> UNSUPPORTED_ASSIGNOR;
        };
    }

    /** What an offset or code of {@link OffsetsLog} means to whoever waits for the record. */
    static GroupError ofLog(long code) {
        if (code == OffsetsLog.FENCED) {
            return INVALID_PRODUCER_EPOCH;
        }
        if (code == OffsetsLog.NO_TRANSACTION) {
            return INVALID_TXN_STATE;
        }
        return code >= 0 ? NONE : COORDINATOR_NOT_AVAILABLE;
    }
}
