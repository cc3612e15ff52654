package io.semel.log.batch.codec;

import java.util.zip.DataFormatException;

/** One codec over whole arrays. Thread rule: one thread at a time. */
interface CodecLibrary {
    /** Appends the compressed form; it may be longer than the source. */
    void compress(byte[] source, int position, int length, GrowingBytes target, int level);

    /**
     * Appends what the source was made from.
     *
     * @param source whatever somebody sent
     * @throws DataFormatException if it is not of this codec's format, or passes the target's limit; never anything else
     */
    void decompress(byte[] source, int position, int length, GrowingBytes target) throws DataFormatException;
}
