package io.semel.transactions.coordinator;

/**
 * How far the end of a remote transaction came.
 *
 * @param next who its sender is from now on; after {@code DONE} alone, else who it was
 */
public record EndAnswer(Progress progress, ProducerIdAndEpoch next) {
}
