package io.semel.log.batch.codec;

import java.util.zip.DataFormatException;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * Zstandard frames over zstd-jni, in one call each: a stream would reserve the window that a frame asks for.
 *
 * <p>Thread rule: stateless. The library's contexts must be closed by hand, so none is kept.
 */
final class ZstdCodec implements CodecLibrary {
    /** What room is first made for, as a multiple of the compressed bytes; it doubles until all fits. */
    private static final long FIRST_EXPANSION = 4;
    private static final int MIN_ROOM_BYTES = 4 << 10;

    /** The densest block repeats one byte 128 KiB times, by four bytes. */
    private static final long MAX_BLOCK_BYTES = 128 << 10;
    private static final int MIN_BLOCK_LENGTH = 4;

    private final long roomTooSmall;

    private ZstdCodec(long roomTooSmall) {
        this.roomTooSmall = roomTooSmall;
    }

    /** @throws LinkageError if the jar or its native part can't be had */
    static CodecLibrary load() {
        return new ZstdCodec(Zstd.errDstSizeTooSmall());
    }

    @Override
    public void compress(byte[] source, int position, int length, GrowingBytes target, int level) {
        target.room((int) Zstd.compressBound(length));
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setLevel(level);
            target.end += context.compressByteArray(target.bytes, target.end, target.bytes.length - target.end, source,
                    position, length);
        }
    }

    @Override
    public void decompress(byte[] source, int position, int length, GrowingBytes target) throws DataFormatException {
        long most = (length / MIN_BLOCK_LENGTH + 1) * MAX_BLOCK_BYTES;
        long wanted = Math.max(MIN_ROOM_BYTES, length * FIRST_EXPANSION);
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            while (!tryDecompress(context, source, position, length, target, wanted)) {
                long tried = target.bytes.length - target.end;
                if (tried >= target.leftBytes()) {
                    throw target.limitPassed();
                }
                if (tried >= most) {
                    throw new DataFormatException("zstd: " + length + " bytes can't hold more than " + most);
                }
                wanted = 2 * tried;
            }
        }
    }

    /** @return false, with nothing appended, if more comes out than there was room for */
    private boolean tryDecompress(ZstdDecompressCtx context, byte[] source, int position, int length,
            GrowingBytes target, long wantedBytes) throws DataFormatException {
        target.room((int) Math.min(wantedBytes, target.leftBytes()));
        try {
            target.end += context.decompressByteArray(target.bytes, target.end, target.bytes.length - target.end,
                    source, position, length);
            return true;
        } catch (ZstdException e) {
            if (e.getErrorCode() == roomTooSmall) {
                return false;
            }
            DataFormatException damaged = new DataFormatException("zstd: " + e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }
}
