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

/** One thread appends to a Chronicle Queue with its default roll cycle and block size. */
public final class ChronicleAppend implements Workload {
    private final int payloadBytes;
    private final Way way;

    /** Chronicle Queue's two quick ways to append bytes. */
    public enum Way {
        WRITING_DOCUMENT, WRITE_BYTES
    }

    public ChronicleAppend(int payloadBytes, Way way) {
        this.payloadBytes = payloadBytes;
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
            verify(queue, operations);
        }
        return NO_FIGURES;
    }

    private static void verify(ChronicleQueue queue, long operations) {
        long count = 0;
        long sum = 0;
        try (ExcerptTailer tailer = queue.createTailer()) {
            for (long number = ChronicleRead.read(tailer); number >= 0; number = ChronicleRead.read(tailer)) {
                count++;
                sum += number;
            }
        }
        Payload.require("records", operations, count);
        Payload.require("sum of record numbers", Payload.sumOf(operations), sum);
    }

    private void append(ExcerptAppender appender, long operations) {
        byte[] payload = Payload.create(payloadBytes);
        Bytes<?> bytes = Bytes.allocateDirect(payload);
        try {
            for (long first = 0; first < operations; first += CHUNK) {
                long end = Math.min(operations, first + CHUNK);
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

    /** Chronicle writes in the machine's order, payloads are big-endian. */
    private static void appendBytes(ExcerptAppender appender, Bytes<?> payload, long first, long end) {
        for (long number = first; number < end; number++) {
            payload.writeLong(0, Long.reverseBytes(number));
            appender.writeBytes(payload);
        }
    }
}
