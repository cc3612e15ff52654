package io.semel.log.batch.codec;

import java.util.zip.DataFormatException;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * LZ4's frame format with independent blocks, as Kafka writes and reads it in batches of version 2.
 *
 * <pre>
 *   frame    04 22 4d 18 | flags | block size | content size int64, if flagged | header check | blocks |
 *            end int32 0 | content check int32, if flagged
 *   block    length int32, top bit set if stored plain | bytes | block check int32, if flagged   (all little-endian)
 * </pre>
 *
 * A check is xxHash32 with seed 0; the header's is its second byte, over everything between magic and itself.
 *
 * <p>Thread rule: one thread at a time.
 */
final class Lz4Codec implements CodecLibrary {
    private static final int MAGIC = 0x184d2204;
    private static final int SEED = 0;
    private static final int MAX_HEADER_LENGTH = Integer.BYTES + 2 + Long.BYTES + 1;
    private static final int STORED_PLAIN = 1 << 31;

    private static final int VERSION_BITS = 0xc0;
    private static final int VERSION = 0x40;
    private static final int INDEPENDENT_FLAG = 0x20;
    private static final int BLOCK_CHECK_FLAG = 0x10;
    private static final int CONTENT_SIZE_FLAG = 0x08;
    private static final int CONTENT_CHECK_FLAG = 0x04;
    private static final int UNKNOWN_FLAGS = 0x03;

    /** Four sizes, 64 KiB, 256 KiB, 1 MiB and 4 MiB, by the numbers 4 to 7 in bits 4 to 6. */
    private static final int SIZE_SHIFT = 4;
    private static final int MIN_SIZE_NUMBER = 4;
    private static final int MAX_SIZE_NUMBER = 7;
    private static final int BLOCK_BYTES = 64 << 10;

    /** A run's length grows by at most 255 with each byte; short input has a token's worth besides. */
    private static final long MAX_EXPANSION = 255;
    private static final int MIN_ROOM_BYTES = 64;

    /** From here on the JVM warns of native code that it loads, and of {@code Unsafe}. */
    private static final int FIRST_JDK_THAT_WARNS = 24;

    private final LZ4Factory factory;
    private final LZ4SafeDecompressor decompressor;
    private final XXHash32 hash;
    private LZ4Compressor compressor;
    private int compressorLevel;

    Lz4Codec(LZ4Factory factory, XXHashFactory hashes) {
        this.factory = factory;
        decompressor = factory.safeDecompressor();
        hash = hashes.hash32();
    }

    /** @throws LinkageError if the jar can't be had */
    static CodecLibrary load() {
        return Runtime.version().feature() < FIRST_JDK_THAT_WARNS
                ? new Lz4Codec(LZ4Factory.fastestInstance(), XXHashFactory.fastestInstance())
                : new Lz4Codec(LZ4Factory.safeInstance(), XXHashFactory.safeInstance());
    }

    @Override
    public void compress(byte[] source, int position, int length, GrowingBytes target, int level) {
        useLevel(level);
        target.room(MAX_HEADER_LENGTH);
        putInt(target, MAGIC);
        int checkedFrom = target.end;
        target.put(VERSION | INDEPENDENT_FLAG);
        target.put(MIN_SIZE_NUMBER << SIZE_SHIFT);
        target.put(headerCheck(target.bytes, checkedFrom, target.end));
        for (int done = 0; done < length; done += BLOCK_BYTES) {
            compressBlock(source, position + done, Math.min(BLOCK_BYTES, length - done), target);
        }
        target.room(Integer.BYTES);
        putInt(target, 0);
    }

    /** Kafka's default level means the quick compressor, any other the thorough one. */
    private void useLevel(int level) {
        if (compressor == null || compressorLevel != level) {
            compressor = level == Codec.LZ4.defaultLevel() ? factory.fastCompressor() : factory.highCompressor(level);
            compressorLevel = level;
        }
    }

    private void compressBlock(byte[] source, int position, int length, GrowingBytes target) {
        target.room(Integer.BYTES + compressor.maxCompressedLength(length));
        int start = target.end + Integer.BYTES;
        int compressedLength =
                compressor.compress(source, position, length, target.bytes, start, target.bytes.length - start);
        if (compressedLength < length) {
            putInt(target, compressedLength);
            target.end += compressedLength;
        } else {
            putInt(target, length | STORED_PLAIN);
            target.put(source, position, length);
        }
    }

    private static void putInt(GrowingBytes target, int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            target.put(value >>> shift);
        }
    }

    private int headerCheck(byte[] bytes, int from, int end) {
        return hash.hash(bytes, from, end - from, SEED) >>> Byte.SIZE & 0xff;
    }

    @Override
    public void decompress(byte[] source, int position, int length, GrowingBytes target) throws DataFormatException {
        SourceBytes input = new SourceBytes(source, position, length);
        if (input.littleEndianInt() != MAGIC) {
            throw new DataFormatException("lz4: no frame");
        }
        int checkedFrom = input.at;
        int flags = input.unsignedByte();
        if ((flags & VERSION_BITS) != VERSION || (flags & INDEPENDENT_FLAG) == 0 || (flags & UNKNOWN_FLAGS) != 0) {
            throw new DataFormatException("lz4: frame of another version, with linked blocks or a dictionary: flags=0x"
                    + Integer.toHexString(flags));
        }
        int maxBlockBytes = maxBlockBytes(input.unsignedByte());
        input.skip((flags & CONTENT_SIZE_FLAG) == 0 ? 0 : Long.BYTES);
        int check = headerCheck(source, checkedFrom, input.at);
        if (input.unsignedByte() != check) {
            throw new DataFormatException("lz4: wrong check of the frame's header");
        }
        int start = target.end;
        decompressBlocks(input, flags, maxBlockBytes, target);
        if ((flags & CONTENT_CHECK_FLAG) != 0) {
            requireCheck("frame", input.littleEndianInt(), target.bytes, start, target.end - start);
        }
        if (input.left() > 0) {
            throw new DataFormatException("lz4: bytes behind the frame: " + input.left());
        }
    }

    private static int maxBlockBytes(int descriptor) throws DataFormatException {
        int number = descriptor >>> SIZE_SHIFT;
        if (number < MIN_SIZE_NUMBER || number > MAX_SIZE_NUMBER || descriptor != number << SIZE_SHIFT) {
            throw new DataFormatException("lz4: no block size: 0x" + Integer.toHexString(descriptor));
        }
        return BLOCK_BYTES << 2 * (number - MIN_SIZE_NUMBER);
    }

    private void decompressBlocks(SourceBytes input, int flags, int maxBlockBytes, GrowingBytes target)
            throws DataFormatException {
        for (int head = input.littleEndianInt(); head != 0; head = input.littleEndianInt()) {
            int length = head & ~STORED_PLAIN;
            if (length > maxBlockBytes) {
                throw new DataFormatException("lz4: block of " + length + " bytes, the frame's limit is "
                        + maxBlockBytes);
            }
            int position = input.at;
            input.skip(length);
            if ((flags & BLOCK_CHECK_FLAG) != 0) {
                requireCheck("block", input.littleEndianInt(), input.bytes, position, length);
            }
            if (head < 0) {
                target.roomWithinLimit(length);
                target.put(input.bytes, position, length);
            } else {
                decompressBlock(input.bytes, position, length, maxBlockBytes, target);
            }
        }
    }

    private void decompressBlock(byte[] source, int position, int length, int maxBlockBytes, GrowingBytes target)
            throws DataFormatException {
        long most = Math.min(maxBlockBytes, length * MAX_EXPANSION + MIN_ROOM_BYTES);
        int room = (int) Math.min(most, target.leftBytes());
        target.room(room);
        try {
            target.end += decompressor.decompress(source, position, length, target.bytes, target.end, room);
        } catch (LZ4Exception e) {
            if (room < most) {
                throw target.limitPassed();
            }
            DataFormatException damaged = new DataFormatException("lz4: " + e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }

    private void requireCheck(String what, int check, byte[] bytes, int position, int length)
            throws DataFormatException {
        if (hash.hash(bytes, position, length, SEED) != check) {
            throw new DataFormatException("lz4: wrong check of a " + what + " of " + length + " bytes");
        }
    }
}
