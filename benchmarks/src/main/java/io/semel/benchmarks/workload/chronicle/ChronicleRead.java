package io.semel.benchmarks.workload.chronicle;

import java.nio.file.Path;
import java.util.Map;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;

/** Reads a Chronicle Queue back, after a close and an open, some times in all. Its tailer checks nothing. */
public final class ChronicleRead implements Workload {
    private final int payloadBytes;
    private final int passes;

    public ChronicleRead(int payloadBytes, int passes) {
        this.payloadBytes = payloadBytes;
        this.passes = passes;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) {
        long records = Math.max(1, operations / passes);
        Path path = directory.resolve("queue");
        try (ChronicleQueue queue = ChronicleQueue.singleBuilder(path).build();
                ExcerptAppender appender = queue.createAppender()) {
            ChronicleAppend.appendDocuments(appender, Payload.create(payloadBytes), 0, records);
        }
        long count = 0;
        long sum = 0;
        try (ChronicleQueue queue = ChronicleQueue.singleBuilder(path).build();
                ExcerptTailer tailer = queue.createTailer()) {
            stopwatch.start();
            for (long left = operations; left > 0; left -= records) {
                tailer.toStart();
                for (long number = read(tailer); number >= 0; number = read(tailer)) {
                    count++;
                    sum += number;
                }
            }
            stopwatch.stop();
        }
        Payload.require("records read", operations, count);
        Payload.require("sum of record numbers", Payload.sumOf(records) * (operations / records), sum);
        return NO_FIGURES;
    }

    /** The next record's number, or -1 at the end. Chronicle reads in the machine's order, payloads are big-endian. */
    static long read(ExcerptTailer tailer) {
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent()) {
                return -1;
            }
            Bytes<?> bytes = document.wire().bytes();
            return Long.reverseBytes(bytes.readLong());
        }
    }
}
