package io.semel.verify.programs;

import java.util.ArrayList;
import java.util.List;

import io.semel.verify.history.Entry;
import io.semel.verify.history.Event;

/** What one process told from its start to its end. Thread rule: one thread. */
final class ProgramLife {
    private final String name;
    private final int number;

    /** Records of a poll that is not summed up yet. */
    private final List<Entry> polled = new ArrayList<>();

    private boolean isBegun;
    private boolean isEnded;
    private boolean isInTransaction;
    private boolean isCommitting;
    private boolean lastPollHadNoRecords;

    ProgramLife(String name, int number) {
        this.name = name;
        this.number = number;
    }

    ProgramLife next() {
        return new ProgramLife(name, number + 1);
    }

    /** The first life has the plain name. */
    private String process() {
        return number == 1 ? name : name + "#" + number;
    }

    boolean isBegun() {
        return isBegun;
    }

    /** Whether the last {@code records_consumed} told of records that no line showed. */
    boolean lastPollHadNoRecords() {
        return lastPollHadNoRecords;
    }

    List<Event> take(EventLine line) {
        isBegun = true;
        return switch (line.name()) {
            case EventLine.STARTUP_COMPLETE -> start(line);
            case EventLine.SHUTDOWN_COMPLETE -> end();
            case EventLine.PARTITIONS_ASSIGNED, EventLine.PARTITIONS_REVOKED -> List.of(Event.rebalanced(process(), line
                    .partitions()));
            case EventLine.SEND_BEGUN -> List.of(Event.sendBegun(process(), line.partition(), line.text(
                    EventLine.VALUE)));
            case EventLine.SEND_SUCCESS -> List.of(Event.sent(process(), line.partition(), line.number(EventLine.OFFSET,
                    Entry.NO_OFFSET), line.text(EventLine.VALUE)));
            case EventLine.SEND_ERROR -> List.of(SendErrors.areCertain(line) ? Event.sendFailed(process(), line
                    .partition(), line.text(EventLine.VALUE)) : Event.sendUnknown(process(), line.partition(), line
                            .text(EventLine.VALUE)));
            case EventLine.RECORD_DATA -> {
                polled.add(new Entry(line.partition(), line.number(EventLine.OFFSET, Entry.NO_OFFSET), line.text(
                        EventLine.VALUE)));
                yield List.of();
            }
            case EventLine.RECORDS_CONSUMED -> {
                lastPollHadNoRecords = polled.isEmpty() && line.number("count", 0) > 0;
                yield poll();
            }
            default -> transaction(line.name());
        };
    }

    private List<Event> start(EventLine line) {
        List<Event> started = new ArrayList<>();
        if (!line.text(EventLine.GROUP).isEmpty()) {
            started.add(Event.subscribed(process(), line.text(EventLine.GROUP)));
        }
        if (!line.partitions().isEmpty()) {
            started.add(Event.assigned(process(), line.partitions()));
        }
        return started;
    }

    private List<Event> transaction(String what) {
        switch (what) {
            case EventLine.TRANSACTION_BEGUN -> {
                isInTransaction = true;
                isCommitting = false;
                return List.of(Event.begun(process()));
            }
            case EventLine.TRANSACTION_COMMITTING -> {
                isCommitting = true;
                return List.of();
            }
            case EventLine.TRANSACTION_COMMITTED, EventLine.TRANSACTION_ABORTED, EventLine.TRANSACTION_UNKNOWN -> {
                isInTransaction = false;
                return List.of(switch (what) {
                    case EventLine.TRANSACTION_COMMITTED -> Event.committed(process());
                    case EventLine.TRANSACTION_ABORTED -> Event.aborted(process());
                    default -> Event.outcomeUnknown(process());
                });
            }
            // For people.
            default -> {
                return List.of();
            }
        }
    }

    private List<Event> poll() {
        if (polled.isEmpty()) {
            return List.of();
        }
        Event poll = Event.polled(process(), polled);
        polled.clear();
        return List.of(poll);
    }

    /**
     * It says no more: it has shut down, or it was killed. What it did not ask to be committed is aborted; whether it
     * had an answer to what it asked, nobody knows.
     */
    List<Event> end() {
        List<Event> last = new ArrayList<>(poll());
        if (!isEnded) {
            isEnded = true;
            last.add(isInTransaction && !isCommitting ? Event.aborted(process()) : Event.crashed(process()));
        }
        return last;
    }
}
