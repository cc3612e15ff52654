package io.semel.benchmarks.workload.aeron;

import java.nio.file.Path;

import io.semel.benchmarks.workload.Lane;

/**
 * From a publication that Aeron's Archive records to a subscription of the live stream: the reader does not wait for
 * the disk, but the clock runs until everything is recorded.
 */
public final class ArchiveLane implements Lane {
    private final RecordedStream stream;
    private final IpcReader reader;

    private ArchiveLane(RecordedStream stream) {
        this.stream = stream;
        this.reader = stream.live();
    }

    public static Lane open(Path directory) {
        return new ArchiveLane(RecordedStream.open(directory));
    }

    @Override
    public void write(byte[] payload) {
        stream.writer().write(payload);
    }

    @Override
    public void finish() {
        stream.awaitRecorded();
    }

    @Override
    public int read(Sink sink) {
        return reader.read(sink);
    }

    @Override
    public void close() {
        stream.close();
    }
}
