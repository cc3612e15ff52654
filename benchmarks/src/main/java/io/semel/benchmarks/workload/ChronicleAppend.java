package io.semel.benchmarks.workload;

import java.nio.file.Path;
import java.util.Map;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;

/** One thread appends to a Chronicle Queue with its default roll cycle and block size. */
public final class ChronicleAppend implements Workload {
    private final Way way;

    /** Chronicle Queue's two quick ways to append bytes. */
    public enum Way {
        WRITING_DOCUMENT, WRITE_BYTES
    }

    public ChronicleAppend(Way way) {
        this.way = way;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) {
        try (ChronicleQueue queue = ChronicleQueue.singleBuilder(directory.resolve("queue")).build()) {
            try (ExcerptAppender appender = queue.createAppender()) {
                stopwatch.start();
                append(appender, operations);
                stopwatch.stop();
            }
            long found = operations == 0 ? 0 : queue.lastIndex() - queue.firstIndex() + 1;
            Payload.require("records", operations, found);
        }
        return NO_FIGURES;
    }

    private void append(ExcerptAppender appender, long operations) {
        byte[] payload = Payload.create();
        Bytes<?> bytes = Bytes.allocateDirect(payload);
        try {
            for (long first = 0; first < operations; first += SemelAppend.CHUNK) {
                long end = Math.min(operations, first + SemelAppend.CHUNK);
                switch (way) {
                    case WRITING_DOCUMENT -> appendDocuments(appender, payload, first, end);
                    case WRITE_BYTES -> appendBytes(appender, bytes, first, end);
                }
            }
        } finally {
            bytes.releaseLast();
        }
    }

    static void appendDocuments(ExcerptAppender appender, byte[] payload, long first, long end) {
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            try (DocumentContext document = appender.writingDocument()) {
                document.wire().bytes().write(payload);
            }
        }
    }

    private static void appendBytes(ExcerptAppender appender, Bytes<?> payload, long first, long end) {
        for (long number = first; number < end; number++) {
            payload.writeLong(0, number);
            appender.writeBytes(payload);
        }
    }
}
