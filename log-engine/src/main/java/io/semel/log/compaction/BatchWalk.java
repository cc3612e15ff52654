package io.semel.log.compaction;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.DiskFile;

/**
 * Walks the batches of a complete segment through its file, never its mapping: a medium error is then an exception and not
 * the JVM's end. Every batch is checked, so that compaction never gives damage a good checksum.
 *
 * <p>Thread rule: one thread at a time. The view it shows is valid until the next call.
 */
public final class BatchWalk {
    /** Read in windows of this size; a larger batch gets a window of its own. */
    private static final int WINDOW_BYTES = 1 << 20;

    private final RecordBatchView view = new RecordBatchView();
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
    private DiskFile file;
    private int lengthBytes;
    private int windowStart;
    private int position;

    /** Stands before the first batch of a file that holds {@code lengthBytes} of batches. */
    public BatchWalk begin(DiskFile source, int lengthBytes) {
        this.file = source;
        this.lengthBytes = lengthBytes;
        position = 0;
        windowStart = 0;
        window.clear().limit(0);
        return this;
    }

    /** @throws IOException also when what stands there is no sound batch */
    public boolean next() throws IOException {
        if (position >= lengthBytes) {
            return false;
        }
        load(Math.min(RecordBatchLayout.HEADER_LENGTH, lengthBytes - position));
        if (window.limit() - index() >= RecordBatchLayout.LOG_OVERHEAD) {
            long size = RecordBatchLayout.lengthField(window, index()) + (long) RecordBatchLayout.LOG_OVERHEAD;
            if (size > 0 && size <= lengthBytes - position) {
                load((int) size);
            }
        }
        BatchCheck check = RecordBatchView.check(window, index(), window.limit());
        if (check != BatchCheck.WHOLE) {
            throw new IOException("segment damaged: " + file + " at position " + position + ": " + check
                    + "; it is not compacted. Restore the file from a backup");
        }
        view.wrap(window, index());
        position += view.sizeInBytes();
        return true;
    }

    /** Makes the next {@code length} bytes stand in the window. */
    private void load(int length) throws IOException {
        if (position + length <= windowStart + window.limit()) {
            return;
        }
        if (length > window.capacity()) {
            window = ByteBuffer.allocate(length);
        }
        window.clear().limit(Math.min(window.capacity(), lengthBytes - position));
        file.read(window, position);
        window.flip();
        windowStart = position;
    }

    private int index() {
        return position - windowStart;
    }

    public RecordBatchView batch() {
        return view;
    }

    /** Whether the batch shown is the last one. */
    boolean isAtEnd() {
        return position >= lengthBytes;
    }
}
