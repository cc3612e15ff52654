package io.semel.transactions.broker;

/**
 * One name of a topic's configuration, with all that stands behind its value. Immutable.
 *
 * @param value   what the topic is configured to
 * @param inForce what its logs go by now: of most names another value holds from the next opening on
 * @param origin  where {@code value} comes from
 */
public record TopicSetting(String name, String value, String inForce, String defaultValue, Origin origin) {
    /** Who said so. */
    public enum Origin {
        /** The topic's own configuration. */
        TOPIC,
        /** How the directory was opened. */
        DIRECTORY,
        /** Nobody: Semel's default. */
        DEFAULT
    }
}
