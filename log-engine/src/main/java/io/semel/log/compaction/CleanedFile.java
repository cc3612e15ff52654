package io.semel.log.compaction;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.DiskFile;

/** Writes batches one behind the other to a new file. Thread rule: one thread at a time. */
final class CleanedFile {
    /** Few writes, and little that waits in memory. */
    private static final int BUFFER_BYTES = 1 << 20;

    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final RecordBatchView view = new RecordBatchView();
    private DiskFile file;
    private RunCleaner.Placement placement;
    private long written;

    void begin(DiskFile target, RunCleaner.Placement placed) {
        file = target;
        placement = placed;
        written = 0;
        buffer.clear();
    }

    void append(ByteBuffer source, int position, int length) throws IOException {
        placement.placed(view.wrap(source, position), Math.toIntExact(lengthBytes()));
        if (length > buffer.remaining()) {
            flush();
        }
        if (length > buffer.capacity()) {
            file.write(source.slice(position, length), written);
            written += length;
        } else {
            buffer.put(buffer.position(), source, position, length).position(buffer.position() + length);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        int length = buffer.remaining();
        file.write(buffer, written);
        written += length;
        buffer.clear();
    }

    /** Returns once all of it is on the medium. */
    void finish() throws IOException {
        flush();
        file.force();
    }

    long lengthBytes() {
        return written + buffer.position();
    }
}
