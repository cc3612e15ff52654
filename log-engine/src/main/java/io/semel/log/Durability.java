package io.semel.log;

/** What an acknowledged append survives. Before that, nothing is promised and nothing is lost that was acknowledged. */
public enum Durability {
    /**
     * The end of this process, by {@code kill -9} too: acknowledged is what stands in the page cache. After a power loss
     * a prefix without damage is left, and the leader epoch rises.
     */
    PROCESS,
    /** The loss of power: acknowledged, and readable, is what was forced to the medium. */
    POWER
}
