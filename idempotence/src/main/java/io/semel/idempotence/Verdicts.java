package io.semel.idempotence;

/**
 * What becomes of a partition's judgement. Everybody takes it as it is, {@link #STRICT}; the verifiable tests switch a
 * check off here, to show that they would notice if it were broken. Given in where a directory is opened below
 * {@code client}, so no configuration and no property can reach it.
 */
@FunctionalInterface
public interface Verdicts {
    Verdicts STRICT = verdict -> verdict;

    Verdict settle(Verdict verdict);
}
