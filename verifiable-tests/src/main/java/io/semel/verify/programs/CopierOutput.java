package io.semel.verify.programs;

import java.io.PrintWriter;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

import io.semel.server.inspect.Fields;

/**
 * Tells how far a copier is, in the words of Kafka's tool, and if wanted its history in ours. Thread rule: the copier's
 * thread.
 */
public final class CopierOutput {
    public enum Detail {
        PROGRESS, HISTORY,
        /** Of the history alone, without a word of how far it is. */
        HISTORY_ALONE
    }

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss:SSS");

    private final EventOutput output;
    private final String transactionalId;
    private final Detail detail;
    private volatile long total;
    private long sinceRebalance;
    private long remaining;

    public CopierOutput(PrintWriter out, String process, String transactionalId, Detail detail) {
        this.output = new EventOutput(out, process);
        this.transactionalId = transactionalId;
        this.detail = detail;
    }

    EventOutput events() {
        return output;
    }

    boolean tellsHistory() {
        return detail != Detail.PROGRESS;
    }

    void tell(Fields event) {
        if (tellsHistory()) {
            output.print(event);
        }
    }

    void tell(String event) {
        tell(output.event(event));
    }

    /** Any thread may ask. */
    public long total() {
        return total;
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
        if (detail != Detail.HISTORY_ALONE) {
            output.print(counts(new Fields().with("progress", transactionalId)).with("stage", stage));
        }
    }

    /** The last line; it stands for the end of the history too. */
    public void end() {
        tell(EventLine.SHUTDOWN_COMPLETE);
        if (detail != Detail.HISTORY_ALONE) {
            output.print(counts(new Fields().with(EventLine.SHUTDOWN_COMPLETE, transactionalId)));
        }
    }

    private Fields counts(Fields line) {
        return line.with("totalProcessed", total).with("consumed", sinceRebalance).with("remaining", remaining).with(
                "time",
                TIME.format(LocalDateTime.now()));
    }
}
