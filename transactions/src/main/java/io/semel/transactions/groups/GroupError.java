package io.semel.transactions.groups;

/** Outcomes of group operations, by Kafka's names; the network maps them to Kafka's codes one by one. */
public enum GroupError {
    NONE,
    COORDINATOR_LOAD_IN_PROGRESS,
    COORDINATOR_NOT_AVAILABLE,
    FENCED_INSTANCE_ID,
    GROUP_ID_NOT_FOUND,
    GROUP_MAX_SIZE_REACHED,
    ILLEGAL_GENERATION,
    INCONSISTENT_GROUP_PROTOCOL,
    INVALID_COMMIT_OFFSET_SIZE,
    INVALID_GROUP_ID,
    INVALID_PRODUCER_EPOCH,
    INVALID_REQUEST,
    INVALID_SESSION_TIMEOUT,
    INVALID_TXN_STATE,
    MEMBER_ID_REQUIRED,
    NON_EMPTY_GROUP,
    OFFSET_METADATA_TOO_LARGE,
    REBALANCE_IN_PROGRESS,
    REQUEST_TIMED_OUT,
    UNKNOWN_MEMBER_ID,
    UNSTABLE_OFFSET_COMMIT;

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
