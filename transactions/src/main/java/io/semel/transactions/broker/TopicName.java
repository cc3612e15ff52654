package io.semel.transactions.broker;

import java.util.regex.Pattern;

/** What a topic may be called: Kafka's rule, because the name is a directory's too. */
final class TopicName {
    static final String METADATA = "__semel_metadata";

    /** A file name has at most 255 bytes, and "-" and the partition follow. */
    private static final int MAX_LENGTH = 249;

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");

    private TopicName() {
    }

    static boolean isLegal(String name) {
        return !name.isEmpty() && name.length() <= MAX_LENGTH && LEGAL.matcher(name).matches() && !name.equals(".")
                && !name.equals("..") && !name.equals(METADATA);
    }

    static void check(String name) {
        if (!isLegal(name)) {
            throw new InvalidTopicException(InvalidTopicException.What.NAME, "topic name not allowed: \"" + name
                    + "\"; 1 to " + MAX_LENGTH
                    + " letters, digits, '.', '_' or '-', not '.', '..' or " + METADATA);
        }
    }
}
