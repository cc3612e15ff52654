package io.semel.transactions.groups;

import java.util.ArrayDeque;

/**
 * Those who wait until a mark of the log has reached an offset, or until they have waited too long. First in, first
 * out: tickets hardly ever go down, and one that does just waits for its elders. Used under the coordinator's pen.
 */
final class WaitingRoom {

    private record Waiting(long ticket, long deadlineMs, Runnable reached, Runnable gaveUp) {
    }

    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

    void enter(long ticket, long deadlineMs, Runnable reached, Runnable gaveUp) {
        queue.add(new Waiting(ticket, deadlineMs, reached, gaveUp));
    }

    int size() {
        return queue.size();
    }

    int release(long mark) {
        int released = 0;
        for (Waiting first = queue.peek(); first != null && first.ticket <= mark; first = queue.peek()) {
            queue.remove();
            first.reached.run();
            released++;
        }
        return released;
    }

    int giveUp(long nowMs) {
        int released = 0;
        for (Waiting first = queue.peek(); first != null && first.deadlineMs <= nowMs; first = queue.peek()) {
            queue.remove();
            first.gaveUp.run();
            released++;
        }
        return released;
    }
}
