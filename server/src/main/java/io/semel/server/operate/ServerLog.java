package io.semel.server.operate;

/**
 * What a server writes on standard error beside what goes wrong: how far a long opening is, who was cut off, and when.
 * A command that a person waits for says less. Whoever brings another logger, or sets these himself, is left alone.
 */
final class ServerLog {
    private static final String SIMPLE_LOGGER = "org.slf4j.simpleLogger.";

    private ServerLog() {
    }

    /** Before anything is logged. */
    static void prepare() {
        setUnlessSet("log.io.semel", "info");
        setUnlessSet("showDateTime", "true");
        setUnlessSet("dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    }

    private static void setUnlessSet(String name, String value) {
        if (System.getProperty(SIMPLE_LOGGER + name) == null) {
            System.setProperty(SIMPLE_LOGGER + name, value);
        }
    }
}
