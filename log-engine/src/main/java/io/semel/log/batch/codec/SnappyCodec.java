package io.semel.log.batch.codec;

import java.io.IOException;
import java.util.zip.DataFormatException;

import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/**
 * Snappy in the frame of xerial's streams, which Kafka's Java clients write, or bare, as other clients do.
 *
 * <pre>
 *   stream   82 'S' 'N' 'A' 'P' 'P' 'Y' 00 | version int32 | least compatible version int32 | blocks
 *   block    length int32 | snappy bytes                                  (all big-endian)
 * </pre>
 *
 * Of snappy-java only the block functions are used: its streams allocate what a length field asks for.
 *
 * <p>Thread rule: stateless.
 */
final class SnappyCodec implements CodecLibrary {
    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int VERSION = 1;
    private static final int HEADER_LENGTH = MAGIC.length + 2 * Integer.BYTES;
    /** As xerial's streams do by default. */
    private static final int BLOCK_BYTES = 32 << 10;
    /** The densest element copies 64 bytes by a token of two. */
    private static final long MAX_EXPANSION = 32;

    private SnappyCodec() {
    }

    /** @throws LinkageError if the jar or its native part can't be had */
    static CodecLibrary load() {
        try {
            Snappy.maxCompressedLength(0);
        } catch (SnappyError e) {
            throw (LinkageError) new UnsatisfiedLinkError(e.toString()).initCause(e);
        }
        return new SnappyCodec();
    }

    @Override
    public void compress(byte[] source, int position, int length, GrowingBytes target, int level) {
        target.room(HEADER_LENGTH);
        target.put(MAGIC, 0, MAGIC.length);
        putInt(target.bytes, target.end, VERSION);
        putInt(target.bytes, target.end + Integer.BYTES, VERSION);
        target.end += 2 * Integer.BYTES;
        for (int done = 0; done < length; done += BLOCK_BYTES) {
            compressBlock(source, position + done, Math.min(BLOCK_BYTES, length - done), target);
        }
    }

    private static void compressBlock(byte[] source, int position, int length, GrowingBytes target) {
        target.room(Integer.BYTES + Snappy.maxCompressedLength(length));
        int start = target.end + Integer.BYTES;
        try {
            int compressedLength = Snappy.compress(source, position, length, target.bytes, start);
            putInt(target.bytes, target.end, compressedLength);
            target.end = start + compressedLength;
        } catch (IOException e) {
            throw new IllegalStateException("snappy refused to compress " + length + " bytes", e);
        }
    }

    private static void putInt(byte[] bytes, int position, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[position + i] = (byte) (value >>> (Integer.BYTES - 1 - i) * Byte.SIZE);
        }
    }

    @Override
    public void decompress(byte[] source, int position, int length, GrowingBytes target) throws DataFormatException {
        SourceBytes input = new SourceBytes(source, position, length);
        if (!isFramed(input)) {
            decompressBlock(input, length, target);
            return;
        }
        while (input.left() > 0) {
            // Streams that were joined have a header in the middle.
            if (isFramed(input)) {
                skipHeader(input);
            } else {
                decompressBlock(input, input.bigEndianInt(), target);
            }
        }
    }

    private static boolean isFramed(SourceBytes input) {
        if (input.left() < HEADER_LENGTH) {
            return false;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (input.bytes[input.at + i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static void skipHeader(SourceBytes input) throws DataFormatException {
        input.skip(MAGIC.length + Integer.BYTES);
        int leastCompatible = input.bigEndianInt();
        if (leastCompatible > VERSION) {
            throw new DataFormatException("snappy: stream of a later version: " + leastCompatible);
        }
    }

    private static void decompressBlock(SourceBytes input, int length, GrowingBytes target)
            throws DataFormatException {
        input.require(length);
        try {
            int plainLength = Snappy.uncompressedLength(input.bytes, input.at, length);
            if (plainLength < 0 || plainLength > length * MAX_EXPANSION) {
                throw new DataFormatException("snappy: " + length + " bytes can't hold " + plainLength);
            }
            target.roomWithinLimit(plainLength);
            target.end += Snappy.uncompress(input.bytes, input.at, length, target.bytes, target.end);
        } catch (IOException | SnappyError e) {
            throw damaged(e);
        }
        input.skip(length);
    }

    private static DataFormatException damaged(Throwable cause) {
        DataFormatException damaged = new DataFormatException("snappy: " + cause.getMessage());
        damaged.initCause(cause);
        return damaged;
    }
}
