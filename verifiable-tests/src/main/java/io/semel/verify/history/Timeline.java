package io.semel.verify.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The events, resolved: which operation each send and poll is of, who wrote what was polled, what stands at which
 * offset, which of it is there, and which transactions committed, or did not, although nobody told.
 *
 * <p>Thread rule: one thread.
 */
final class Timeline {
    private final List<Event> events;
    private final Map<String, PartitionLog> logs = new LinkedHashMap<>();

    /** By topic: sends of which nobody told to which partition they went. */
    private final Map<String, PartitionLog> somewhere = new HashMap<>();
    private final Map<String, Operation> open = new HashMap<>();
    private final Announcements announcements = new Announcements();
    private final List<Write> writes = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();

    private Timeline(List<Event> events) {
        this.events = events;
    }

    static Timeline of(List<Event> events) {
        Timeline timeline = new Timeline(events);
        for (int number = 0; number < events.size(); number++) {
            timeline.apply(number, events.get(number));
        }
        timeline.reads.forEach(timeline::findWriter);
        timeline.reads.forEach(Timeline::show);
        timeline.writes.forEach(Timeline::doubt);
        timeline.writes.forEach(Timeline::show);
        timeline.logs.values().forEach(PartitionLog::sort);
        return timeline;
    }

    List<Event> events() {
        return events;
    }

    Iterable<PartitionLog> logs() {
        return logs.values();
    }

    /** Empty when nobody sent to it or polled it. */
    Optional<PartitionLog> logOf(String partition) {
        return Optional.ofNullable(logs.get(partition));
    }

    /** In the order in which each process began them. */
    List<Write> writes() {
        return writes;
    }

    /** In the order of the events. */
    List<Read> reads() {
        return reads;
    }

    /** Whether a value that was polled there must have been announced by somebody. */
    boolean announcesEverySend(PartitionLog log) {
        return announcements.areOfEverySendTo(log.topic());
    }

    private void apply(int number, Event event) {
        switch (event.kind()) {
            case SEND_BEGUN -> {
                announcements.announce(event.process(), log(event.entries().get(0)).topic());
                begin(number, event);
            }
            case SENT -> complete(number, event, Write.Fate.ACKNOWLEDGED);
            case SEND_FAILED -> complete(number, event, Write.Fate.FAILED);
            case SEND_UNKNOWN -> complete(number, event, Write.Fate.UNKNOWN);
            case POLLED -> poll(number, event);
            case BEGUN -> {
                end(number, event, Operation.Status.UNKNOWN);
                open.put(event.process(), Operation.begin(event.process(), number));
            }
            case COMMITTED -> end(number, event, Operation.Status.COMMITTED);
            case ABORTED -> end(number, event, Operation.Status.ABORTED);
            case OUTCOME_UNKNOWN, CRASHED -> end(number, event, Operation.Status.UNKNOWN);
            case SUBSCRIBED, ASSIGNED, REBALANCED -> {
                // They move consumers, and write and show nothing.
            }
        }
    }

    private void end(int number, Event event, Operation.Status as) {
        Operation operation = open.remove(event.process());
        if (operation != null) {
            operation.end(as, number);
        }
    }

    private Operation operationOf(int number, Event event) {
        Operation transaction = open.get(event.process());
        return transaction == null ? Operation.plain(event.process(), number) : transaction;
    }

    private PartitionLog log(Entry entry) {
        return Entry.isSomewhere(entry.partition()) ? somewhereIn(Entry.topicOf(entry.partition()))
                : logs.computeIfAbsent(entry.partition(), PartitionLog::new);
    }

    private PartitionLog somewhereIn(String topic) {
        return somewhere.computeIfAbsent(topic, name -> new PartitionLog(Entry.somewhereIn(name)));
    }

    private Write begin(int number, Event event) {
        Entry entry = event.entries().get(0);
        PartitionLog log = log(entry);
        Write write = new Write(number, operationOf(number, event), log, log.value(entry.value()));
        writes.add(write);
        return write;
    }

    private void complete(int number, Event event, Write.Fate fate) {
        Entry entry = event.entries().get(0);
        PartitionLog log = log(entry);
        Write write = announced(event.process(), candidates(log, log.value(entry.value())));
        if (write == null && fate != Write.Fate.ACKNOWLEDGED && announcements.areOf(event.process())) {
            // A client may tell of one failure twice, to the caller and in the callback.
            return;
        }
        if (write == null) {
            announcements.miss(event.process(), log.topic());
            write = begin(number, event);
        } else if (write.log() != log && !Entry.isSomewhere(log.name())) {
            write.place(log);
        }
        write.complete(fate, number, entry.offset());
        if (write.hasOffset()) {
            Slot slot = write.log().slot(entry.offset(), write.value(), write);
            if (slot.value() == write.value() && slot.writer == null) {
                slot.writer = write;
            }
        }
    }

    /**
     * The send that an answer is for: the latest of the open transaction that has none yet, else, since an answer can
     * be late, the latest before; {@code null} for none.
     */
    private Write announced(String process, List<Write> candidates) {
        Write latest = null;
        for (Write write : candidates) {
            boolean isWaiting = !write.isCompleted() && write.operation().process().equals(process);
            if (isWaiting && (latest == null || isNearer(write, latest))) {
                latest = write;
            }
        }
        return latest;
    }

    private boolean isNearer(Write write, Write than) {
        Operation transaction = open.get(write.operation().process());
        boolean isOfThis = write.operation() == transaction;
        return isOfThis == (than.operation() == transaction) ? write.begunEvent() > than.begunEvent() : isOfThis;
    }

    private void poll(int number, Event event) {
        Operation operation = operationOf(number, event);
        for (Entry entry : event.entries()) {
            PartitionLog log = log(entry);
            Read read = new Read(number, operation, log, log.value(entry.value()), entry.offset());
            reads.add(read);
            log.noteRead(read);
        }
    }

    /**
     * Who was told this offset wrote it; else somebody who was told none, rather one whose record may be there; else,
     * at an offset that nobody was told, whoever sent the value. Who sent it somewhere may have sent it here.
     */
    private void findWriter(Read read) {
        Slot slot = read.slot();
        if (slot.value() == read.value() && slot.writer != null) {
            read.writtenBy(slot.writer);
            return;
        }
        List<Write> candidates = candidates(read.log(), read.value());
        Write best = null;
        for (Write write : candidates) {
            if (best == null || rank(write) >= rank(best)) {
                best = write;
            }
        }
        read.writtenBy(best);
        if (candidates.size() == 1 && !best.hasOffset() && slot.value() == read.value()) {
            if (best.log() != read.log()) {
                best.place(read.log());
            }
            best.learnOffset(slot.offset());
            slot.writer = best;
        }
    }

    /** All sends that may have put the value there. */
    List<Write> candidates(PartitionLog log, Value value) {
        PartitionLog unplaced = somewhere.get(log.topic());
        List<Write> elsewhere = unplaced == null || unplaced == log ? List.of() : unplaced.value(value.name()).writes();
        return elsewhere.isEmpty() ? value.writes() : Stream.concat(elsewhere.stream(), value.writes().stream())
                .toList();
    }

    private static int rank(Write write) {
        return (write.hasOffset() ? 0 : 2) + (write.isDead() ? 0 : 1);
    }

    private static void show(Read read) {
        if (read.isDead()) {
            return;
        }
        if (read.value().firstRead == null) {
            read.value().firstRead = read;
        }
        if (read.slot().value() == read.value()) {
            read.slot().isVisible = true;
            if (read.slot().firstRead == null) {
                read.slot().firstRead = read;
            }
        }
        if (read.writer() != null) {
            read.writer().operation().prove();
            // Of a send to somewhere this is another value than that of the partition.
            Value sent = read.writer().value();
            sent.firstRead = sent.firstRead == null ? read : sent.firstRead;
        }
    }

    /**
     * After all reads: one proves the commit of all that its writer's transaction sent, one that passes disproves it.
     */
    private static void doubt(Write write) {
        if (!write.operation().isUnknown() || write.isDead()) {
            return;
        }
        if (!write.hasOffset()) {
            if (write.value().firstRead == null) {
                write.operation().doubt(write);
            }
            return;
        }
        Slot slot = write.log().slot(write.offset(), write.value(), write);
        Read furthest = write.log().furthest();
        if (slot.firstRead == null && slot.value() == write.value()) {
            if (furthest != null && furthest.offset() > write.offset()) {
                write.operation().disprove(write);
            } else {
                write.operation().doubt(write);
            }
        }
    }

    /** After all reads: they prove commits. */
    private static void show(Write write) {
        if (write.isPromised() && write.hasOffset()) {
            Slot slot = write.log().slot(write.offset(), write.value(), write);
            slot.isVisible |= slot.value() == write.value();
        }
    }
}
