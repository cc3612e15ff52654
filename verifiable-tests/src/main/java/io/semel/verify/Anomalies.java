package io.semel.verify;

/** Hears of answers that the engine must not give. Thread rule: any thread. */
@FunctionalInterface
interface Anomalies {
    void report(String what);
}
