package io.semel.log;

/** What becomes of old records (Kafka: {@code cleanup.policy}). */
public enum CleanupPolicy {
    /** Whole segments are deleted by age and size. */
    DELETE,
    /** The last record of every key is kept. */
    COMPACT,
    /** Both. */
    COMPACT_AND_DELETE;

    public boolean deletes() {
        return this != COMPACT;
    }

    public boolean compacts() {
        return this != DELETE;
    }
}
