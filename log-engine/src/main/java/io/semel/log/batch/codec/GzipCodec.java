package io.semel.log.batch.codec;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The gzip file format (RFC 1952) over the JDK's zlib.
 *
 * <pre>
 *   member   1f 8b | method 8 | flags | time int32 | extra flags | system | optional fields | deflated bytes |
 *            CRC32 of the plain bytes int32 | their length int32          (all little-endian)
 * </pre>
 *
 * Not {@code GZIPInputStream}: that calls itself once for every empty member, so a batch of twenty-byte members would
 * overflow the stack, and it passes over garbage behind the last member.
 *
 * <p>Thread rule: one thread at a time. The JDK frees zlib's memory with the object.
 */
final class GzipCodec implements CodecLibrary {
    private static final int FIRST_MAGIC = 0x1f;
    private static final int SECOND_MAGIC = 0x8b;
    private static final int DEFLATED = 8;
    /** Time, extra flags and system, which nobody needs. */
    private static final int IGNORED_LENGTH = 6;
    private static final int UNKNOWN_SYSTEM = 0xff;
    private static final int TRAILER_LENGTH = 2 * Integer.BYTES;

    private static final int HEADER_CRC_FLAG = 0x02;
    private static final int EXTRA_FLAG = 0x04;
    private static final int NAME_FLAG = 0x08;
    private static final int COMMENT_FLAG = 0x10;
    private static final int RESERVED_FLAGS = 0xe0;

    /** What room is made for at a time, when compressing and when not yet known how much will come out. */
    private static final int STEP_BYTES = 8 << 10;

    private final CRC32 crc32 = new CRC32();
    private Deflater deflater;
    private Inflater inflater;
    private int deflaterLevel;

    @Override
    public void compress(byte[] source, int position, int length, GrowingBytes target, int level) {
        target.room(STEP_BYTES);
        target.put(FIRST_MAGIC);
        target.put(SECOND_MAGIC);
        target.put(DEFLATED);
        for (int i = 0; i < IGNORED_LENGTH; i++) {
            target.put(0);
        }
        target.put(UNKNOWN_SYSTEM);
        deflate(source, position, length, target, level);
        crc32.reset();
        crc32.update(source, position, length);
        target.room(TRAILER_LENGTH);
        putInt(target, (int) crc32.getValue());
        putInt(target, length);
    }

    private void deflate(byte[] source, int position, int length, GrowingBytes target, int level) {
        if (deflater == null || deflaterLevel != level) {
            deflater = new Deflater(level, true);
            deflaterLevel = level;
        }
        deflater.reset();
        deflater.setInput(source, position, length);
        deflater.finish();
        while (!deflater.finished()) {
            target.room(STEP_BYTES);
            target.end += deflater.deflate(target.bytes, target.end, target.bytes.length - target.end);
        }
    }

    private static void putInt(GrowingBytes target, int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            target.put(value >>> shift);
        }
    }

    @Override
    public void decompress(byte[] source, int position, int length, GrowingBytes target) throws DataFormatException {
        SourceBytes input = new SourceBytes(source, position, length);
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        do {
            skipHeader(input);
            int start = target.end;
            inflate(input, target);
            crc32.reset();
            crc32.update(target.bytes, start, target.end - start);
            if (input.littleEndianInt() != (int) crc32.getValue()) {
                throw new DataFormatException("gzip: wrong CRC of the bytes that came out");
            }
            if (input.littleEndianInt() != target.end - start) {
                throw new DataFormatException("gzip: wrong number of bytes came out: " + (target.end - start));
            }
        } while (input.left() > 0);
    }

    private static void skipHeader(SourceBytes input) throws DataFormatException {
        if (input.unsignedByte() != FIRST_MAGIC || input.unsignedByte() != SECOND_MAGIC
                || input.unsignedByte() != DEFLATED) {
            throw new DataFormatException("gzip: no header before byte " + input.at);
        }
        int flags = input.unsignedByte();
        if ((flags & RESERVED_FLAGS) != 0) {
            throw new DataFormatException("gzip: reserved flags are set: 0x" + Integer.toHexString(flags));
        }
        input.skip(IGNORED_LENGTH);
        if ((flags & EXTRA_FLAG) != 0) {
            input.skip(input.unsignedByte() | input.unsignedByte() << Byte.SIZE);
        }
        if ((flags & NAME_FLAG) != 0) {
            skipText(input);
        }
        if ((flags & COMMENT_FLAG) != 0) {
            skipText(input);
        }
        if ((flags & HEADER_CRC_FLAG) != 0) {
            input.skip(Short.BYTES);
        }
    }

    private static void skipText(SourceBytes input) throws DataFormatException {
        while (input.unsignedByte() != 0) {
            // Up to the zero behind it.
        }
    }

    private void inflate(SourceBytes input, GrowingBytes target) throws DataFormatException {
        inflater.reset();
        inflater.setInput(input.bytes, input.at, input.left());
        while (!inflater.finished()) {
            int came = target.leftBytes() > 0 ? inflateStep(target) : inflatePastLimit(target);
            if (came == 0 && !inflater.finished()) {
                throw new DataFormatException("gzip: the deflated bytes end too early, or need a dictionary");
            }
        }
        input.skip(input.left() - inflater.getRemaining());
    }

    private int inflateStep(GrowingBytes target) throws DataFormatException {
        target.room(Math.min(STEP_BYTES, target.leftBytes()));
        int came = inflater.inflate(target.bytes, target.end, target.bytes.length - target.end);
        target.end += came;
        return came;
    }

    /** All that may come out has; zlib still wants room to notice that nothing follows. */
    private int inflatePastLimit(GrowingBytes target) throws DataFormatException {
        if (inflater.inflate(new byte[1]) > 0) {
            throw target.limitPassed();
        }
        return 0;
    }
}
