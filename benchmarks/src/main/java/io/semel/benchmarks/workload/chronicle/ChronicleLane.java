package io.semel.benchmarks.workload.chronicle;

import java.nio.file.Path;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.util.MicroTouched;
import net.openhft.chronicle.wire.DocumentContext;

import io.semel.benchmarks.workload.Lane;

/** From an appender to a tailer of the same Chronicle Queue. Every record can be read at once. */
public final class ChronicleLane implements Lane {
    private final ChronicleQueue queue;
    private final ChronicleAppend.Way way;
    private final Touching touching;
    private ExcerptAppender appender;
    private ExcerptTailer tailer;
    private Bytes<?> bytes;

    /**
     * Who meets the fresh pages. Chronicle's pretoucher, a thread, is a part of its enterprise edition; what its open
     * edition has is {@code microTouch}, by which the appending thread touches the next page while it has nothing to
     * do.
     */
    public enum Touching {
        NONE, MICRO
    }

    private ChronicleLane(ChronicleQueue queue, ChronicleAppend.Way way, Touching touching) {
        this.queue = queue;
        this.way = way;
        this.touching = touching;
    }

    public static Lane open(Path directory, ChronicleAppend.Way way, Touching touching) {
        return new ChronicleLane(ChronicleQueue.singleBuilder(directory.resolve("queue")).build(), way, touching);
    }

    @Override
    public void startWriting() {
        appender = queue.createAppender();
        bytes = Bytes.allocateElasticDirect();
    }

    @Override
    public void startReading() {
        tailer = queue.createTailer();
    }

    @Override
    public void write(byte[] payload) {
        switch (way) {
            case WRITING_DOCUMENT -> {
                try (DocumentContext document = appender.writingDocument()) {
                    document.wire().bytes().write(payload);
                }
            }
            case WRITE_BYTES -> appender.writeBytes(bytes.clear().write(payload));
        }
    }

    @Override
    public void idle() {
        if (touching == Touching.MICRO) {
            ((MicroTouched) appender).microTouch();
        } else {
            Thread.onSpinWait();
        }
    }

    /** In the operating system's hands from the first store on. */
    @Override
    public void finish() {
        Closeable.closeQuietly(appender);
        bytes.releaseLast();
    }

    @Override
    public int read(Sink sink) {
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent()) {
                return 0;
            }
            Bytes<?> found = document.wire().bytes();
            long number = Long.reverseBytes(found.readLong());
            sink.onRecord(number, Long.reverseBytes(found.readLong()));
            return 1;
        }
    }

    @Override
    public void close() {
        queue.close();
    }
}
