package io.semel.benchmarks.paired;

/** Claims that are measured together. */
public enum Suite {
    /** What Semel is asked for at each layer of it. */
    ENGINE,
    /** What stands on the engine: idempotence, transactions, consumer offsets. */
    SEMANTICS,
    /** Where the time of a tiny transaction goes. */
    STAGES,
    /** The engine again, for longer and with more data than most machines have room for. */
    SUSTAINED,
    /** What was chosen inside of the engine, beside what lost. */
    VARIANTS
}
