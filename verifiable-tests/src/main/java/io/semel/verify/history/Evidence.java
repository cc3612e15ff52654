package io.semel.verify.history;

/**
 * One event that an anomaly stands on, or the one record of it that matters.
 *
 * @param event   its number in the history, from 0
 * @param account what that process did then, in words
 */
public record Evidence(int event, String process, String account) {
    @Override
    public String toString() {
        return "event " + event + ": " + process + ' ' + account;
    }
}
