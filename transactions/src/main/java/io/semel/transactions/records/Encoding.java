package io.semel.transactions.records;

/** How lengths are written: with a fixed width, or as the compact varints (length + 1) of Kafka's flexible versions. */
enum Encoding {
    FIXED, COMPACT
}
