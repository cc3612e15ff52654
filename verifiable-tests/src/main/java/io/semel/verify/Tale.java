package io.semel.verify;

/** How much workers tell of what they do. */
enum Tale {
    /** Counts. */
    COUNTS,
    /** Each record and each end of a transaction too. */
    HISTORY
}
