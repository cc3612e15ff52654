package io.semel.verify.disk;

/**
 * How a sweep over the storage calls of a life ended.
 *
 * @param faults  those that struck; the life made no more calls, or was not asked for more
 * @param failure which property does not hold, and after which fault; empty when all hold
 */
public record SweepResult(long faults, String failure) {
}
