package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.DiskFile;

/**
 * Looks at the batches of a segment's file through the channel, never the mapping: a medium error is then an exception
 * and not the JVM's end. Memory is bounded by the largest batch that is whole: a length field that lies takes none.
 *
 * <p>Thread rule: one thread.
 */
public final class BatchScanner {
    /** Read in windows of this size; a larger batch gets a window of its own once its CRC has held. */
    static final int WINDOW_BYTES = 1 << 20;

    /** Who only looks at headers reads this much at a time: an index interval or a few. */
    private static final int HEADER_WINDOW_BYTES = 16 << 10;

    private final RecoveryProgress progress;
    private final RecordBatchView view = new RecordBatchView();
    private ByteBuffer window = ByteBuffer.allocate(0);
    private DiskFile file;
    private long size;
    private long windowStart;

    public BatchScanner(RecoveryProgress progress) {
        this.progress = progress;
    }

    /** Goes to another file, of which {@code sizeBytes} count. */
    public void begin(DiskFile next, long sizeBytes) {
        file = next;
        size = sizeBytes;
        windowStart = 0;
        window.clear().limit(0);
    }

    /** The batch that was looked at last. After {@link #header} only its header may be read. */
    public RecordBatchView batch() {
        return view;
    }

    /** Puts {@link #batch()} on the batch at {@code position}; says whether it is whole, or what is wrong with it. */
    public BatchCheck check(int position) throws IOException {
        int headerLength = (int) Math.min(size - position, RecordBatchLayout.HEADER_LENGTH);
        load(position, headerLength, WINDOW_BYTES);
        if (headerLength == RecordBatchLayout.HEADER_LENGTH) {
            long claimed = RecordBatchLayout.sizeInBytes(window, at(position));
            boolean inside = claimed > headerLength && claimed <= size - position;
            if (inside && claimed > WINDOW_BYTES && !crcHolds(position, (int) claimed)) {
                return BatchCheck.BAD_CRC;
            }
            if (inside) {
                load(position, (int) claimed, WINDOW_BYTES);
            }
        }
        BatchCheck outcome = RecordBatchView.check(window, at(position), window.limit());
        if (outcome == BatchCheck.WHOLE) {
            view.wrap(window, at(position));
        }
        return outcome;
    }

    /** Walks over a batch that is larger than the window, without taking memory for it. */
    private boolean crcHolds(int position, int claimed) throws IOException {
        int expected = RecordBatchLayout.crc(window, at(position));
        CRC32C crc = new CRC32C();
        int next = position + RecordBatchLayout.ATTRIBUTES_POSITION;
        int end = position + claimed;
        while (next < end) {
            int length = Math.min(end - next, WINDOW_BYTES);
            load(next, length, WINDOW_BYTES);
            crc.update(window.duplicate().position(at(next)).limit(at(next) + length));
            next += length;
        }
        load(position, RecordBatchLayout.HEADER_LENGTH, WINDOW_BYTES);
        return (int) crc.getValue() == expected;
    }

    /**
     * Puts {@link #batch()} on the header at {@code position}, without looking at the records. False when no batch that
     * ends inside the file can begin there.
     */
    boolean header(long position) throws IOException {
        if (position < 0 || size - position < RecordBatchLayout.HEADER_LENGTH) {
            return false;
        }
        load((int) position, RecordBatchLayout.HEADER_LENGTH, HEADER_WINDOW_BYTES);
        int index = at((int) position);
        int claimed = RecordBatchLayout.sizeInBytes(window, index);
        if (RecordBatchLayout.magic(window, index) != RecordBatchLayout.MAGIC
                || claimed < RecordBatchLayout.HEADER_LENGTH || claimed > size - position
                || RecordBatchLayout.lastOffsetDelta(window, index) < 0) {
            return false;
        }
        view.wrap(window, index);
        return true;
    }

    /** The memory taken. */
    int windowBytes() {
        return window.capacity();
    }

    private int at(int position) {
        return (int) (position - windowStart);
    }

    /** Makes [position, position + length) of the file stand in the window. */
    private void load(int position, int length, int windowBytes) throws IOException {
        boolean held = position >= windowStart && position + (long) length <= windowStart + window.limit();
        if (held) {
            return;
        }
        // Most partitions are smaller than a window, and each is opened with one of its own.
        int wanted = Math.max(length, (int) Math.min(windowBytes, size));
        if (wanted > window.capacity()) {
            window = ByteBuffer.allocate(wanted);
        }
        window.clear().limit((int) Math.min(wanted, size - position));
        progress.read(file.read(window, position));
        window.flip();
        windowStart = position;
        if (window.limit() < length) {
            throw new IOException("file shrank while it was read: " + file + " at " + position);
        }
    }
}
