package io.semel.verify.programs;

import java.util.List;
import java.util.Map;

import io.semel.verify.history.Entry;

/**
 * One line of a program's output, and the names that may stand in it. Those of Kafka's tools are Kafka's;
 * {@code process}, {@code group}, the partitions that a program chose itself, which stand in its
 * {@code startup_complete}, the beginnings of sends and the ends of transactions are ours.
 *
 * <p>Thread rule: immutable.
 */
public record EventLine(Map<String, Object> fields) {
    public static final String NAME = "name";
    public static final String PROCESS = "process";
    public static final String GROUP = "group";
    public static final String TOPIC = "topic";
    public static final String PARTITION = "partition";
    public static final String PARTITIONS = "partitions";
    public static final String OFFSET = "offset";
    public static final String VALUE = "value";
    public static final String EXCEPTION = "exception";

    public static final String STARTUP_COMPLETE = "startup_complete";
    public static final String SHUTDOWN_COMPLETE = "shutdown_complete";

    /**
     * Printed before each send, with its key, value and topic, and its partition if the program chooses that itself.
     */
    public static final String SEND_BEGUN = "producer_send_begun";

    public static final String SEND_SUCCESS = "producer_send_success";
    public static final String SEND_ERROR = "producer_send_error";
    public static final String TOOL_DATA = "tool_data";
    public static final String PARTITIONS_ASSIGNED = "partitions_assigned";
    public static final String PARTITIONS_REVOKED = "partitions_revoked";
    public static final String RECORD_DATA = "record_data";
    public static final String RECORDS_CONSUMED = "records_consumed";
    public static final String OFFSETS_COMMITTED = "offsets_committed";
    public static final String TRANSACTION_BEGUN = "transaction_begun";

    /** Printed before the commit is asked for: a program that ended without it has not committed. */
    public static final String TRANSACTION_COMMITTING = "transaction_committing";

    public static final String TRANSACTION_COMMITTED = "transaction_committed";
    public static final String TRANSACTION_ABORTED = "transaction_aborted";
    public static final String TRANSACTION_UNKNOWN = "transaction_outcome_unknown";

    public static EventLine of(String line) throws Json.BrokenException {
        return new EventLine(Json.objectOf(line));
    }

    /** What happened; the copier's progress, which has no name in Kafka's tool either, is the empty one. */
    public String name() {
        return text(NAME);
    }

    /** Empty when it is not there. */
    public String text(String field) {
        Object value = fields.get(field);
        return value == null ? "" : String.valueOf(value);
    }

    /** As in {@code orders-3}, or, when only the topic is told, somewhere in that. */
    public String partition() {
        return fields.containsKey(PARTITION) ? text(TOPIC) + '-' + text(PARTITION) : Entry.somewhereIn(text(TOPIC));
    }

    public long number(String field, long otherwise) {
        return fields.get(field) instanceof Number number ? number.longValue() : otherwise;
    }

    /** Of an assignment, a revocation or a start. */
    public List<String> partitions() {
        return fields.get(PARTITIONS) instanceof List<?> several
                ? several.stream().filter(Map.class::isInstance).map(each -> (Map<?, ?>) each)
                        .map(each -> each.get(TOPIC) + "-" + each.get(PARTITION)).toList()
                : List.of();
    }
}
