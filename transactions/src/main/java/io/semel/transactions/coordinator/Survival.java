package io.semel.transactions.coordinator;

/** What is left, when a directory is opened, of what was acknowledged in its life before. */
public enum Survival {
    /** All of it: the directory was closed, or its process alone died, or it was on the medium. */
    WHOLE,
    /** Nobody can tell: the machine went down under it, or a partition is out of service. */
    DOUBTFUL
}
