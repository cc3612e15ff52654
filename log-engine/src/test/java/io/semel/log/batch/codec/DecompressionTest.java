package io.semel.log.batch.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.sun.management.ThreadMXBean;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What other writers than Kafka's make, and what nobody honest makes. */
class DecompressionTest {
    private static final int LIMIT_BYTES = 1 << 20;
    private static final int BOMB_BYTES = 64 << 20;

    private final byte[] plain = plain();

    private static byte[] plain() {
        byte[] bytes = new byte[300_000];
        new Random(3).nextBytes(bytes);
        Arrays.fill(bytes, 70_000, 250_000, (byte) 'x');
        return bytes;
    }

    /** Sixty-four megabytes out of a few megabytes at most: refused before they are there. */
    @Test
    void aBombIsRefusedBeforeItsBytesAreAllocated() {
        for (Codec codec : List.of(Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD)) {
            ByteBuffer bomb = new BatchCompressor(Compression.of(codec)).compress(new byte[BOMB_BYTES], 0, BOMB_BYTES,
                    0);
            BatchDecompressor decompressor = new BatchDecompressor(LIMIT_BYTES);
            long before = allocatedBytes();
            DataFormatException refusal = assertThrows(DataFormatException.class,
                    () -> decompressor.decompress(codec.code(), bomb, 0, bomb.limit()));
            long allocated = allocatedBytes() - before - bomb.limit();
            assertTrue(refusal.getMessage().contains("limit of " + LIMIT_BYTES), refusal.getMessage());
            assertTrue(allocated < 5 * LIMIT_BYTES, codec.kafkaName() + " allocated=" + allocated);
        }
    }

    /** A few bytes that say they are gigabytes, to a reader that would take that many. */
    @Test
    void aLengthFieldAllocatesNothing() {
        byte[] snappy = {(byte) 0xf0, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0, 'x'};
        byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xa0, 0, 0, 0, 0x40, 1, 0, 0};
        byte[] lz4 = {0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73, (byte) 0xff, (byte) 0xff, 0x3f, 0, 'x'};
        assertAllocatesLittle(Codec.SNAPPY, snappy);
        assertAllocatesLittle(Codec.ZSTD, zstd);
        assertAllocatesLittle(Codec.LZ4, lz4);
    }

    private void assertAllocatesLittle(Codec codec, byte[] bytes) {
        BatchDecompressor decompressor = new BatchDecompressor(GrowingBytes.MAX_ARRAY_LENGTH);
        codec.requireUsable();
        long before = allocatedBytes();
        assertThrows(DataFormatException.class, () -> decompress(decompressor, codec, bytes));
        long allocated = allocatedBytes() - before;
        assertTrue(allocated < LIMIT_BYTES, codec.kafkaName() + " allocated=" + allocated);
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** The JDK's own stream calls itself for each of them and overflows the stack. */
    @Test
    void aHundredThousandEmptyGzipMembersAreNothing() throws Exception {
        byte[] member = gzip(new byte[0]);
        byte[] members = new byte[100_000 * member.length];
        for (int at = 0; at < members.length; at += member.length) {
            System.arraycopy(member, 0, members, at, member.length);
        }
        assertArrayEquals(new byte[0], decompress(Codec.GZIP, members));
    }

    @Test
    void joinedGzipMembersAreReadInTurn() throws Exception {
        byte[] first = gzip(Arrays.copyOf(plain, 100_000));
        byte[] second = gzip(Arrays.copyOfRange(plain, 100_000, plain.length));
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        assertArrayEquals(plain, decompress(Codec.GZIP, both));
        assertThrows(DataFormatException.class, () -> decompress(Codec.GZIP, Arrays.copyOf(both, both.length + 1)));
    }

    @Test
    void gzipHeadersMayHaveEveryOptionalField() throws Exception {
        byte[] bytes = gzip(plain);
        byte[] fields = {3, 0, 'a', 'b', 'c', 'n', 'a', 'm', 'e', 0, 'n', 'o', 't', 'e', 0, 1, 2};
        byte[] full = new byte[bytes.length + fields.length];
        System.arraycopy(bytes, 0, full, 0, 10);
        System.arraycopy(fields, 0, full, 10, fields.length);
        System.arraycopy(bytes, 10, full, 10 + fields.length, bytes.length - 10);
        full[3] = 0x1f;
        assertArrayEquals(plain, decompress(Codec.GZIP, full));
        full[3] = 0x3f;
        assertThrows(DataFormatException.class, () -> decompress(Codec.GZIP, full));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void bareSnappyIsReadToo() throws Exception {
        assertArrayEquals(plain, decompress(Codec.SNAPPY, Snappy.compress(plain)));
    }

    @Test
    void joinedSnappyStreamsAreReadInTurn() throws Exception {
        byte[] one = compress(Codec.SNAPPY, plain);
        byte[] two = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        byte[] twice = Arrays.copyOf(plain, 2 * plain.length);
        System.arraycopy(plain, 0, twice, plain.length, plain.length);
        assertArrayEquals(twice, decompress(Codec.SNAPPY, two));
    }

    @Test
    void aLaterVersionOfTheSnappyStreamIsRefused() throws Exception {
        byte[] bytes = compress(Codec.SNAPPY, plain);
        bytes[15] = 2;
        assertThrows(DataFormatException.class, () -> decompress(Codec.SNAPPY, bytes));
    }

    @Test
    void lz4FramesMayHaveEveryBlockSizeAndCheck() throws Exception {
        for (BLOCKSIZE size : BLOCKSIZE.values()) {
            assertArrayEquals(plain, decompress(Codec.LZ4, lz4Frame(size)));
        }
    }

    @Test
    void damageBehindAnLz4CheckIsFound() throws Exception {
        byte[] sound = lz4Frame(BLOCKSIZE.SIZE_64KB);
        for (int at = 0; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 0x20;
            assertThrows(DataFormatException.class, () -> decompress(Codec.LZ4, damaged), "at byte " + at);
            // Random bytes, stored plain: a sample of them is enough.
            at += at > 1_000 && at < sound.length - 1_000 ? 997 : 0;
        }
    }

    private byte[] lz4Frame(BLOCKSIZE size) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LZ4FrameOutputStream lz4 = new LZ4FrameOutputStream(out, size, plain.length,
                FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.BLOCK_CHECKSUM, FLG.Bits.CONTENT_CHECKSUM,
                FLG.Bits.CONTENT_SIZE)) {
            lz4.write(plain);
        }
        return out.toByteArray();
    }

    /** On JDKs that warn of native code and Unsafe we use LZ4's plain Java. */
    @Test
    void theTwoKindsOfLz4ReadEachOther() throws Exception {
        Lz4Codec quick = new Lz4Codec(LZ4Factory.fastestInstance(), XXHashFactory.fastestInstance());
        Lz4Codec quiet = new Lz4Codec(LZ4Factory.safeInstance(), XXHashFactory.safeInstance());
        for (int level : new int[] {1, 9, 17}) {
            assertArrayEquals(plain, through(quick, quiet, level));
            assertArrayEquals(plain, through(quiet, quick, level));
        }
    }

    private byte[] through(Lz4Codec writer, Lz4Codec reader, int level) throws DataFormatException {
        GrowingBytes compressed = new GrowingBytes(GrowingBytes.MAX_ARRAY_LENGTH);
        writer.compress(plain, 0, plain.length, compressed, level);
        GrowingBytes restored = new GrowingBytes(LIMIT_BYTES);
        reader.decompress(compressed.bytes, 0, compressed.end, restored);
        return Arrays.copyOf(restored.bytes, restored.end);
    }

    /** Every byte flipped through the plain Java of LZ4, which the other sweeps do not use on this JDK. */
    @Test
    void noFlippedByteGetsPastThePlainJavaOfLz4() {
        Lz4Codec quiet = new Lz4Codec(LZ4Factory.safeInstance(), XXHashFactory.safeInstance());
        GrowingBytes sound = new GrowingBytes(GrowingBytes.MAX_ARRAY_LENGTH);
        quiet.compress(plain, 69_500, 1_000, sound, 9);
        int refusals = 0;
        for (int at = 0; at < sound.end; at++) {
            for (int flip : new int[] {0x01, 0x10, 0x80, 0xff}) {
                byte[] damaged = Arrays.copyOf(sound.bytes, sound.end);
                damaged[at] ^= (byte) flip;
                try {
                    quiet.decompress(damaged, 0, damaged.length, new GrowingBytes(LIMIT_BYTES));
                } catch (DataFormatException refusal) {
                    refusals++;
                }
            }
        }
        assertTrue(refusals > 0);
    }

    @Test
    void zstdStreamsOfAnyWindowAreRead() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(out, 22)) {
            zstd.setLong(27);
            zstd.setChecksum(true);
            zstd.write(plain);
        }
        byte[] bytes = out.toByteArray();
        assertArrayEquals(plain, decompress(Codec.ZSTD, bytes));
        bytes[bytes.length - 1] ^= 1;
        assertThrows(DataFormatException.class, () -> decompress(Codec.ZSTD, bytes));
    }

    /** The work behind one large batch must not be kept for a thousand quiet readers. */
    @Test
    void theBufferOfALargeBatchIsLetGo() throws Exception {
        BatchDecompressor decompressor = new BatchDecompressor(BatchDecompressor.DEFAULT_MAX_BYTES);
        byte[] large = compress(Codec.ZSTD, new byte[30 << 20]);
        byte[] small = compress(Codec.ZSTD, plain);
        decompressor.decompress(Codec.ZSTD.code(), ByteBuffer.wrap(large), 0, large.length);
        ByteBuffer restored = decompressor.decompress(Codec.ZSTD.code(), ByteBuffer.wrap(small), 0, small.length);
        assertTrue(restored.capacity() < 4 << 20, "capacity=" + restored.capacity());
    }

    private static byte[] compress(Codec codec, byte[] bytes) {
        ByteBuffer compressed = new BatchCompressor(Compression.of(codec)).compress(bytes, 0, bytes.length, 0);
        return Arrays.copyOf(compressed.array(), compressed.limit());
    }

    private static byte[] decompress(Codec codec, byte[] bytes) throws DataFormatException {
        return decompress(new BatchDecompressor(LIMIT_BYTES), codec, bytes);
    }

    private static byte[] decompress(BatchDecompressor decompressor, Codec codec, byte[] bytes)
            throws DataFormatException {
        ByteBuffer restored = decompressor.decompress(codec.code(), ByteBuffer.wrap(bytes), 0, bytes.length);
        return Arrays.copyOf(restored.array(), restored.limit());
    }
}
