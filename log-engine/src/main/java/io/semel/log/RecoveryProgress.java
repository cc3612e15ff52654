package io.semel.log;

/** Hears how much recovery has read, so that a long opening can say how far it is. Thread rule: any thread. */
@FunctionalInterface
public interface RecoveryProgress {
    /** Nobody listens. */
    RecoveryProgress UNHEARD = bytes -> {
    };

    void read(long bytes);
}
