package io.semel.client.runtime;

/** Something that the conductor steps. Must not block. */
@FunctionalInterface
public interface Duty {
    /** Returns how much was done; 0 says that the conductor may idle. */
    int doWork();
}
