package io.semel.verify.history;

import java.util.List;
import java.util.Objects;

/**
 * What one process did, or was told. The events of one process stand in the order in which they happened; between
 * processes the order means nothing.
 *
 * @param process    a client instance: one producer, one consumer, or a pair of them that works in transactions
 * @param group      of {@code SUBSCRIBED} only
 * @param entries    what was sent (one), or polled (any number, in the order in which it was handed over)
 * @param partitions of {@code ASSIGNED} and {@code REBALANCED} only
 */
public record Event(Kind kind, String process, String group, List<Entry> entries, List<String> partitions) {
    /**
     * What happened. Between {@code BEGUN} and the next end, all of a process's sends and polls are one transaction.
     */
    public enum Kind {
        /**
         * It is about to send; what becomes of it is unknown until told otherwise. A process announces all of its sends
         * or none. Where the partition is not known yet, {@link Entry#somewhereIn} stands for it.
         */
        SEND_BEGUN,
        /** Acknowledged. A begun send of the same process and value is completed by it. */
        SENT,
        /** Refused in a way that makes certain that nothing was written. */
        SEND_FAILED,
        /** It may have been written, or may be yet. */
        SEND_UNKNOWN,
        POLLED,
        BEGUN,
        COMMITTED,
        ABORTED,
        /** The transaction may have been committed, or may be yet. */
        OUTCOME_UNKNOWN,
        /**
         * It joined a group, from whose members each record is for one: of all partitions of the topics that it polls
         * or is given, if it is not told which it chose itself.
         */
        SUBSCRIBED,
        /** From now on these partitions and no others, where it was in them, by its own choice. */
        ASSIGNED,
        /** These partitions came, went, or came back: where it was in them counts no more. */
        REBALANCED,
        /** It died, with whatever was under way. */
        CRASHED
    }

    public Event {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(process, "process");
        entries = List.copyOf(entries);
        partitions = List.copyOf(partitions);
    }

    public static Event sendBegun(String process, String partition, String value) {
        return send(Kind.SEND_BEGUN, process, new Entry(partition, Entry.NO_OFFSET, value));
    }

    public static Event sent(String process, String partition, long offset, String value) {
        return send(Kind.SENT, process, new Entry(partition, offset, value));
    }

    public static Event sendFailed(String process, String partition, String value) {
        return send(Kind.SEND_FAILED, process, new Entry(partition, Entry.NO_OFFSET, value));
    }

    public static Event sendUnknown(String process, String partition, String value) {
        return send(Kind.SEND_UNKNOWN, process, new Entry(partition, Entry.NO_OFFSET, value));
    }

    private static Event send(Kind kind, String process, Entry entry) {
        return new Event(kind, process, "", List.of(entry), List.of());
    }

    public static Event polled(String process, Entry... entries) {
        return polled(process, List.of(entries));
    }

    public static Event polled(String process, List<Entry> entries) {
        return new Event(Kind.POLLED, process, "", entries, List.of());
    }

    public static Event begun(String process) {
        return bare(Kind.BEGUN, process);
    }

    public static Event committed(String process) {
        return bare(Kind.COMMITTED, process);
    }

    public static Event aborted(String process) {
        return bare(Kind.ABORTED, process);
    }

    public static Event outcomeUnknown(String process) {
        return bare(Kind.OUTCOME_UNKNOWN, process);
    }

    public static Event crashed(String process) {
        return bare(Kind.CRASHED, process);
    }

    private static Event bare(Kind kind, String process) {
        return new Event(kind, process, "", List.of(), List.of());
    }

    public static Event subscribed(String process, String group) {
        return new Event(Kind.SUBSCRIBED, process, group, List.of(), List.of());
    }

    public static Event assigned(String process, String... partitions) {
        return assigned(process, List.of(partitions));
    }

    public static Event assigned(String process, List<String> partitions) {
        return new Event(Kind.ASSIGNED, process, "", List.of(), partitions);
    }

    public static Event rebalanced(String process, String... partitions) {
        return rebalanced(process, List.of(partitions));
    }

    public static Event rebalanced(String process, List<String> partitions) {
        return new Event(Kind.REBALANCED, process, "", List.of(), partitions);
    }
}
