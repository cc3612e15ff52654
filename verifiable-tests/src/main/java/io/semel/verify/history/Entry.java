package io.semel.verify.history;

import java.util.Objects;

/**
 * One record as a client knows it.
 *
 * @param partition the topic's name and the partition's number, as in {@code orders-3}
 * @param offset    or {@link #NO_OFFSET} where the client was not told
 * @param value     tells this record from all others of its partition, but for those that are sent again
 */
public record Entry(String partition, long offset, String value) {
    public static final long NO_OFFSET = -1;

    /** In the place of a partition's number; no topic's name has such a letter. */
    private static final String SOMEWHERE = "-?";

    public Entry {
        Objects.requireNonNull(partition, "partition");
        Objects.requireNonNull(value, "value");
    }

    /** What stands for the partition where the sender leaves the choice to its client, and does not know it yet. */
    public static String somewhereIn(String topic) {
        return topic + SOMEWHERE;
    }

    static boolean isSomewhere(String partition) {
        return partition.endsWith(SOMEWHERE);
    }

    /** Of {@code orders-3} it is {@code orders}; a partition without a number is its own topic. */
    static String topicOf(String partition) {
        int dash = partition.lastIndexOf('-');
        return dash < 0 ? partition : partition.substring(0, dash);
    }
}
