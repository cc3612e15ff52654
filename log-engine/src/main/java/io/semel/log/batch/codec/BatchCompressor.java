package io.semel.log.batch.codec;

import java.nio.ByteBuffer;

/**
 * Compresses the records of one batch after another into a buffer of its own.
 *
 * <p>Thread rule: one thread at a time. What {@link #compress} left is valid until the next call.
 */
public final class BatchCompressor {
    private final Compression compression;
    private final CodecLibrary library;
    private final GrowingBytes target = new GrowingBytes(GrowingBytes.MAX_ARRAY_LENGTH);
    private ByteBuffer buffer = ByteBuffer.wrap(target.bytes);

    /** @throws UnsupportedCompressionException if the codec can't be had here */
    public BatchCompressor(Compression compression) {
        this.compression = compression;
        library = compression.codec().library();
    }

    public Codec codec() {
        return compression.codec();
    }

    /**
     * @param headerLength bytes left free before the compressed ones
     * @return the free bytes and the compressed ones, from position 0 to the limit
     */
    public ByteBuffer compress(byte[] source, int position, int length, int headerLength) {
        target.startAt(headerLength);
        library.compress(source, position, length, target, compression.level());
        if (buffer.array() != target.bytes) {
            buffer = ByteBuffer.wrap(target.bytes);
        }
        return buffer.limit(target.end).position(0);
    }
}
