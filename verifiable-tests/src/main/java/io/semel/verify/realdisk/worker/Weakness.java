package io.semel.verify.realdisk.worker;

/** What a run may break on purpose, to see that it is found (X1). */
public enum Weakness {
    NONE,
    /** No blocks are written ahead of claims: stores go to holes of a sparse file. */
    HOLES,
    /** Records count as acknowledged when they are claimed, and are filled a little later. */
    EARLY
}
