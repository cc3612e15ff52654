package io.semel.log.batch.codec;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.DataFormatException;

/**
 * Decompresses the records of one batch after another into a buffer of its own.
 *
 * <p>Thread rule: one thread at a time. The buffer lent is valid until the next call.
 *
 * <p>Invariants: no more than the limit is ever allocated for what comes out. A length that a batch claims is believed
 * only as far as its bytes could hold so much by the codec's densest form.
 */
public final class BatchDecompressor {
    /**
     * What one batch may decompress to unless the reader says otherwise. Kafka's producers let a request hold 1 MiB
     * before compression unless told otherwise; this leaves room for those who were told otherwise.
     */
    public static final int DEFAULT_MAX_BYTES = 64 << 20;

    /** What is kept between batches; a consumer may have a thousand partitions, each with a reader. */
    private static final int RETAINED_BYTES = 1 << 20;

    private final Map<Codec, CodecLibrary> libraries = new EnumMap<>(Codec.class);
    private final GrowingBytes source;
    private final GrowingBytes target;
    private ByteBuffer buffer;

    /** @param maxBytes no batch may decompress to more */
    public BatchDecompressor(int maxBytes) {
        if (maxBytes < 1 || maxBytes > GrowingBytes.MAX_ARRAY_LENGTH) {
            throw new IllegalArgumentException("maxBytes=" + maxBytes + " must be from 1 to "
                    + GrowingBytes.MAX_ARRAY_LENGTH);
        }
        source = new GrowingBytes(GrowingBytes.MAX_ARRAY_LENGTH);
        target = new GrowingBytes(maxBytes);
        buffer = ByteBuffer.wrap(target.bytes);
    }

    /**
     * @return the records as they were before, from position 0 to the limit
     * @throws DataFormatException if the bytes are not what the codec makes, or would pass the limit
     * @throws UnsupportedCompressionException if the codec is unknown, or can't be had here
     */
    public ByteBuffer decompress(int compressionCode, ByteBuffer compressed, int position, int length)
            throws DataFormatException {
        source.dropIfLongerThan(RETAINED_BYTES);
        target.dropIfLongerThan(RETAINED_BYTES);
        target.startAt(0);
        // Of a batch that compaction emptied only the header is left.
        if (length > 0) {
            CodecLibrary library = libraryOf(Codec.ofCode(compressionCode));
            source.startAt(length);
            compressed.get(position, source.bytes, 0, length);
            library.decompress(source.bytes, 0, length, target);
        }
        if (buffer.array() != target.bytes) {
            buffer = ByteBuffer.wrap(target.bytes);
        }
        return buffer.limit(target.end).position(0);
    }

    private CodecLibrary libraryOf(Codec codec) {
        CodecLibrary library = libraries.get(codec);
        if (library == null) {
            library = codec.library();
            libraries.put(codec, library);
        }
        return library;
    }
}
