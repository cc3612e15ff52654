package io.semel.log;

import java.nio.ByteBuffer;

/** Takes a fold's snapshot in: a big-endian buffer that grows. Thread rule: one thread at a time. */
public final class SnapshotWriter {
    /** A snapshot is encoded while the log's frontier waits, and read whole: beyond this it has failed its purpose. */
    public static final int MAX_SNAPSHOT_BYTES = 512 << 20;

    private static final int FIRST_CAPACITY = 1 << 12;

    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_CAPACITY);

    /** Begins an empty snapshot, in the room that the last one took. */
    public SnapshotWriter begin() {
        buffer.clear();
        return this;
    }

    public SnapshotWriter putByte(int value) {
        room(Byte.BYTES).put((byte) value);
        return this;
    }

    public SnapshotWriter putShort(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    public SnapshotWriter putInt(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public SnapshotWriter putLong(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            if (buffer.capacity() >= MAX_SNAPSHOT_BYTES) {
                throw new SnapshotTooLargeException(MAX_SNAPSHOT_BYTES);
            }
            buffer = ByteBuffer.allocate(Math.min(buffer.capacity() * 2, MAX_SNAPSHOT_BYTES)).put(buffer.flip());
        }
        return buffer;
    }

    /** The snapshot, borrowed until the next {@link #begin}. */
    public ByteBuffer finish() {
        return buffer.duplicate().flip();
    }
}
