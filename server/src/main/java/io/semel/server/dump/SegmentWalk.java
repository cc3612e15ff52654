package io.semel.server.dump;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

/**
 * Steps over the batches of a segment file by plain reads, never a mapping: a damaged medium is then an exception, and
 * a file that its owner cuts meanwhile is merely short. Nothing is changed, so no lock is needed and the directory may
 * be open elsewhere.
 *
 * <p>Thread rule: one thread. The view is valid until the next step.
 *
 * <p>Invariant: no more than one batch is held, and none is read whose length leads outside the file.
 */
final class SegmentWalk implements AutoCloseable {
    private static final int SCAN_LENGTH = 1 << 16;

    private final FileChannel channel;
    private final long end;
    private final RecordBatchView view = new RecordBatchView();
    private ByteBuffer bytes = ByteBuffer.allocate(RecordBatchLayout.HEADER_LENGTH);
    private long position;
    private long nextPosition;
    private BatchCheck found;

    private SegmentWalk(FileChannel channel, long end) {
        this.channel = channel;
        this.end = end;
    }

    static SegmentWalk open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new SegmentWalk(channel, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Goes to the next batch and judges what stands there. Only from a whole batch is there a way on. */
    BatchCheck step() throws IOException {
        if (found != null && found != BatchCheck.WHOLE) {
            throw new IllegalStateException("nothing can be found behind " + found + " at position " + position);
        }
        position = nextPosition;
        read((int) Math.min(RecordBatchLayout.HEADER_LENGTH, end - position));
        found = RecordBatchView.check(bytes, 0, bytes.limit());
        if (found == BatchCheck.TRUNCATED && hasHeader()) {
            long sizeInBytes = (long) RecordBatchLayout.lengthField(bytes, 0) + RecordBatchLayout.LOG_OVERHEAD;
            if (sizeInBytes <= Math.min(end - position, Integer.MAX_VALUE)) {
                read((int) sizeInBytes);
                found = RecordBatchView.check(bytes, 0, bytes.limit());
            }
        }
        if (found == BatchCheck.WHOLE) {
            nextPosition = position + RecordBatchLayout.sizeInBytes(bytes, 0);
        }
        return found;
    }

    private boolean hasHeader() {
        return bytes.limit() >= RecordBatchLayout.HEADER_LENGTH;
    }

    private void read(int length) throws IOException {
        if (bytes.capacity() < length) {
            bytes = ByteBuffer.allocate(length);
        }
        bytes.clear().limit(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                break;
            }
        }
        bytes.flip();
    }

    /** Where the batch, or what stands in the place of one, begins in the file. */
    long position() {
        return position;
    }

    /** The file's length when it was opened. */
    long end() {
        return end;
    }

    /** What was read of the batch: all of it if its length can be believed, else as much as a header takes. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** The length can be believed, so the batch may be shown, even one whose CRC is wrong. */
    boolean isShowable() {
        return found == BatchCheck.WHOLE || found == BatchCheck.BAD_CRC || found == BatchCheck.BAD_COUNTS;
    }

    /** Only for a batch that {@link #isShowable}. */
    RecordBatchView view() {
        return view.wrap(bytes, 0);
    }

    /** The first byte from here on that is not zero, or {@link #end()}. */
    long endOfZeros() throws IOException {
        ByteBuffer block = ByteBuffer.allocate(SCAN_LENGTH);
        long at = position;
        while (at < end) {
            block.clear().limit((int) Math.min(SCAN_LENGTH, end - at));
            int length = channel.read(block, at);
            if (length < 0) {
                return end;
            }
            for (int index = 0; index < length; index++) {
                if (block.get(index) != 0) {
                    return at + index;
                }
            }
            at += length;
        }
        return end;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
