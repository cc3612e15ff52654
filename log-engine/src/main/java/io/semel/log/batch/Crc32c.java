package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * CRC32C (Castagnoli) of a stretch of a buffer, by the JDK's intrinsic, without touching the buffer's position.
 *
 * <p>The JDK reads off-heap memory only through a buffer's own position and limit, so an instance keeps one duplicate
 * of the last off-heap buffer that it was given: reading the same mapping again and again allocates nothing.
 *
 * <p>Thread rule: an instance belongs to one thread at a time, so every view and writer has its own. The static
 * {@link #compute} may be called from any thread; it keeps an instance per thread.
 */
public final class Crc32c {
    private static final ThreadLocal<Crc32c> OF_THIS_THREAD = ThreadLocal.withInitial(Crc32c::new);

    private final CRC32C crc = new CRC32C();
    private ByteBuffer windowSource;
    private ByteBuffer window;

    /** For callers without an instance of their own. */
    public static int compute(ByteBuffer buffer, int position, int length) {
        return ofThisThread().checksum(buffer, position, length);
    }

    static Crc32c ofThisThread() {
        return OF_THIS_THREAD.get();
    }

    public int checksum(ByteBuffer buffer, int position, int length) {
        Objects.checkFromIndexSize(position, length, buffer.limit());
        crc.reset();
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + position, length);
        } else {
            crc.update(windowOf(buffer).limit(position + length).position(position));
        }
        return (int) crc.getValue();
    }

    private ByteBuffer windowOf(ByteBuffer buffer) {
        if (windowSource != buffer) {
            windowSource = buffer;
            window = buffer.duplicate();
        }
        return window.clear();
    }
}
