package io.semel.transactions.groups;

/** By which protocol a group's members speak to the coordinator; it can change while there are none. */
public enum GroupKind {
    /** Members assign partitions among themselves. */
    CLASSIC,
    /** The coordinator assigns (KIP-848). */
    CONSUMER
}
