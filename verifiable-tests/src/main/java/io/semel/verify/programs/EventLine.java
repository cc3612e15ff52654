package io.semel.verify.programs;

import java.util.List;
import java.util.Map;

/**
 * One line of a program's output, and the names that may stand in it. Those of Kafka's tools are Kafka's; {@code process},
 * {@code group} and the ends of transactions are ours.
 *
 * <p>Thread rule: immutable.
 */
record EventLine(Map<String, Object> fields) {
    static final String NAME = "name";
    static final String PROCESS = "process";
    static final String GROUP = "group";
    static final String TOPIC = "topic";
    static final String PARTITION = "partition";
    static final String PARTITIONS = "partitions";
    static final String OFFSET = "offset";
    static final String VALUE = "value";

    static final String STARTUP_COMPLETE = "startup_complete";
    static final String SHUTDOWN_COMPLETE = "shutdown_complete";
    static final String SEND_SUCCESS = "producer_send_success";
    static final String SEND_ERROR = "producer_send_error";
    static final String TOOL_DATA = "tool_data";
    static final String PARTITIONS_ASSIGNED = "partitions_assigned";
    static final String PARTITIONS_REVOKED = "partitions_revoked";
    static final String RECORD_DATA = "record_data";
    static final String RECORDS_CONSUMED = "records_consumed";
    static final String OFFSETS_COMMITTED = "offsets_committed";
    static final String TRANSACTION_BEGUN = "transaction_begun";

    /** Printed before the commit is asked for: a program that ended without it has not committed. */
    static final String TRANSACTION_COMMITTING = "transaction_committing";

    static final String TRANSACTION_COMMITTED = "transaction_committed";
    static final String TRANSACTION_ABORTED = "transaction_aborted";
    static final String TRANSACTION_UNKNOWN = "transaction_outcome_unknown";

    static EventLine of(String line) throws Json.BrokenException {
        return new EventLine(Json.objectOf(line));
    }

    /** What happened; the copier's progress, which has no name in Kafka's tool either, is the empty one. */
    String name() {
        return text(NAME);
    }

    /** Empty when it is not there. */
    String text(String field) {
        Object value = fields.get(field);
        return value == null ? "" : String.valueOf(value);
    }

    /** As in {@code orders-3}. */
    String partition() {
        return text(TOPIC) + '-' + text(PARTITION);
    }

    long number(String field, long otherwise) {
        return fields.get(field) instanceof Number number ? number.longValue() : otherwise;
    }

    /** Of an assignment or a revocation. */
    List<String> partitions() {
        return fields.get(PARTITIONS) instanceof List<?> several
                ? several.stream().filter(Map.class::isInstance).map(each -> (Map<?, ?>) each)
                        .map(each -> each.get(TOPIC) + "-" + each.get(PARTITION)).toList()
                : List.of();
    }
}
