package io.semel.verify.programs;

import java.io.PrintWriter;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

import io.semel.server.inspect.Fields;

/** Tells how far a copier is, in the words of Kafka's tool, and if wanted its history in ours. Thread rule: the copier's thread. */
final class CopierOutput {
    enum Detail {
        PROGRESS, HISTORY
    }

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss:SSS");

    private final EventOutput output;
    private final String transactionalId;
    private final Detail detail;
    private long total;
    private long sinceRebalance;
    private long remaining;

    CopierOutput(PrintWriter out, String process, String transactionalId, Detail detail) {
        this.output = new EventOutput(out, process);
        this.transactionalId = transactionalId;
        this.detail = detail;
    }

    EventOutput events() {
        return output;
    }

    boolean tellsHistory() {
        return detail == Detail.HISTORY;
    }

    void tell(Fields event) {
        if (tellsHistory()) {
            output.print(event);
        }
    }

    void tell(String event) {
        tell(output.event(event));
    }

    long remaining() {
        return remaining;
    }

    void expect(long records) {
        remaining = records;
        sinceRebalance = 0;
    }

    void copied(int records) {
        total += records;
        sinceRebalance += records;
        remaining -= records;
    }

    void printProgress(String stage) {
        output.print(counts(new Fields().with("progress", transactionalId)).with("stage", stage));
    }

    /** The last line; it stands for the end of the history too. */
    void end() {
        tell(EventLine.SHUTDOWN_COMPLETE);
        output.print(counts(new Fields().with(EventLine.SHUTDOWN_COMPLETE, transactionalId)));
    }

    private Fields counts(Fields line) {
        return line.with("totalProcessed", total).with("consumed", sinceRebalance).with("remaining", remaining).with(
                "time",
                TIME.format(LocalDateTime.now()));
    }
}
