package io.semel.verify.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * The content of one file, page by page in two images: {@code cached} is what the kernel shows, {@code durable} what is
 * on the medium. A page whose images differ is dirty: stores through a mapping go to the cached bytes, unseen.
 *
 * <p>Invariants: both images have the same length, a multiple of the page, and nothing but zeros behind the size that
 * the kernel shows, stray stores aside. A page below the size may be without a block; then it is a hole.
 *
 * <p>Thread rule: one thread.
 */
final class SimulatedFile {
    static final int PAGE_BYTES = 4096;

    /** What a disk writes whole or not at all. */
    static final int SECTOR_BYTES = 512;

    private static final int SECTORS = PAGE_BYTES / SECTOR_BYTES;
    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private byte[] cached = new byte[0];
    private byte[] durable = cached;
    /** What the kernel takes for durable: the durable image itself, until a force failed and forgot. */
    private byte[] believed = durable;
    /** Pages that were written to since a force failed and forgot: dirty, whatever was written. */
    private final BitSet rewritten = new BitSet();
    private int size;
    private int durableSize;
    /** Pages with a block of the disk. A store to another page may be lost, and kills the JVM on a full disk. */
    private final BitSet blocks = new BitSet();
    private int mappings;

    int size() {
        return size;
    }

    int durableSize() {
        return durableSize;
    }

    void setDurableSize(int bytes) {
        durableSize = bytes;
    }

    int blockCount() {
        return blocks.cardinality();
    }

    boolean hasBlock(int page) {
        return blocks.get(page);
    }

    /** Grows or cuts the file as the kernel shows it; what is cut off is zero if the file grows again. */
    void resize(int bytes) {
        reserve(bytes);
        if (bytes < size) {
            Arrays.fill(cached, bytes, pagesOf(size) * PAGE_BYTES, (byte) 0);
            blocks.clear(pagesOf(bytes), Math.max(pagesOf(bytes), blocks.length()));
        }
        size = bytes;
    }

    private void reserve(int bytes) {
        int wanted = pagesOf(bytes) * PAGE_BYTES;
        if (wanted > cached.length) {
            if (mappings > 0) {
                throw new IllegalStateException("a mapped file must not grow past its mapping: size=" + size
                        + " wanted="
                        + bytes + " mapped=" + cached.length);
            }
            boolean trusts = believed == durable;
            cached = Arrays.copyOf(cached, wanted);
            durable = Arrays.copyOf(durable, wanted);
            believed = trusts ? durable : Arrays.copyOf(believed, wanted);
        }
    }

    static int pagesOf(int bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    }

    /** @param left what the medium has in this block, from a file that is gone; it shows unless it is written over */
    void allocate(int page, byte[] left) {
        blocks.set(page);
        reserve((page + 1) * PAGE_BYTES);
        System.arraycopy(left, page * PAGE_BYTES, durable, page * PAGE_BYTES, PAGE_BYTES);
    }

    void allocate(int page) {
        blocks.set(page);
    }

    void write(ByteBuffer source, int length, int position) {
        source.get(cached, position, length);
        markRewritten(position, length);
    }

    void writeZeros(int position, int length) {
        Arrays.fill(cached, position, position + length, (byte) 0);
        markRewritten(position, length);
    }

    private void markRewritten(int position, int length) {
        if (believed != durable) {
            rewritten.set(position / PAGE_BYTES, pagesOf(position + length));
        }
    }

    /** What the medium has in the file's blocks. */
    byte[] leftBehind() {
        return durable.clone();
    }

    /** The pages that have a block. */
    BitSet blocks() {
        return (BitSet) blocks.clone();
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.max(0, Math.min(target.remaining(), size - position));
        if (count > 0) {
            target.put(cached, (int) position, count);
        }
        return count;
    }

    /** The cached bytes themselves. */
    ByteBuffer map(int length) {
        mappings++;
        return ByteBuffer.wrap(cached, 0, length).slice();
    }

    void unmap() {
        mappings--;
    }

    int mappings() {
        return mappings;
    }

    /** Makes the pages that hold [from, end) durable. */
    void force(int from, int end) {
        int last = Math.min(pagesOf(end), cached.length / PAGE_BYTES);
        for (int page = from / PAGE_BYTES; page < last; page++) {
            if (isDirty(page)) {
                writeBack(page);
            }
        }
    }

    void forceAll() {
        force(0, cached.length);
    }

    /** Takes every page for clean without having written it. */
    void forget() {
        believed = cached.clone();
        rewritten.clear();
    }

    boolean isDirty(int page) {
        int from = page * PAGE_BYTES;
        return !Arrays.equals(cached, from, from + PAGE_BYTES, believed, from, from + PAGE_BYTES) || rewritten.get(
                page);
    }

    private void writeBack(int page) {
        copySectors(cached, durable, page, 0, SECTORS);
        if (believed != durable) {
            copySectors(cached, believed, page, 0, SECTORS);
            rewritten.clear(page);
        }
    }

    private static void copySectors(byte[] from, byte[] to, int page, int first, int end) {
        int start = page * PAGE_BYTES + first * SECTOR_BYTES;
        System.arraycopy(from, start, to, start, (end - first) * SECTOR_BYTES);
    }

    /** The kernel writes dirty pages when it likes. */
    void writeBackSome(SplittableRandom random) {
        for (int page = 0; page < cached.length / PAGE_BYTES; page++) {
            if (random.nextInt(4) == 0 && isDirty(page)) {
                writeBack(page);
            }
        }
    }

    /** The first page that was stored to although it has no block; -1 when there is none. */
    int strayPage() {
        int last = cached.length / PAGE_BYTES;
        for (int page = blocks.nextClearBit(0); page < last; page = blocks.nextClearBit(page + 1)) {
            int from = page * PAGE_BYTES;
            if (!Arrays.equals(cached, from, from + PAGE_BYTES, ZEROS, 0, PAGE_BYTES)) {
                return page;
            }
        }
        return -1;
    }

    /** What the medium holds after the power failed: each dirty page old, new, or torn between two sectors. */
    SimulatedFile afterPowerLoss(PagePicks picks) {
        SimulatedFile survivor = new SimulatedFile();
        survivor.cached = durable.clone();
        for (int page = 0; page < cached.length / PAGE_BYTES; page++) {
            if (isDirty(page)) {
                pick(survivor.cached, page, picks);
            }
        }
        survivor.size = durableSize;
        survivor.durableSize = durableSize;
        int whole = Math.min(pagesOf(durableSize) * PAGE_BYTES, cached.length);
        survivor.cached = Arrays.copyOf(survivor.cached, whole);
        Arrays.fill(survivor.cached, Math.min(durableSize, whole), whole, (byte) 0);
        survivor.reserve(durableSize);
        survivor.durable = survivor.cached.clone();
        survivor.believed = survivor.durable;
        survivor.findBlocks(blocks);
        return survivor;
    }

    private void pick(byte[] survivor, int page, PagePicks picks) {
        switch (picks.next()) {
            case OLD -> {
                // As it is.
            }
            case NEW -> copySectors(cached, survivor, page, 0, SECTORS);
            case NEW_HEAD -> copySectors(cached, survivor, page, 0, picks.sector(SECTORS));
            case NEW_TAIL -> copySectors(cached, survivor, page, picks.sector(SECTORS), SECTORS);
        }
    }

    private void findBlocks(BitSet before) {
        for (int page = 0; page < cached.length / PAGE_BYTES; page++) {
            int from = page * PAGE_BYTES;
            if (before.get(page) || !Arrays.equals(cached, from, from + PAGE_BYTES, ZEROS, 0, PAGE_BYTES)) {
                blocks.set(page);
            }
        }
    }

    /** The same content in the same state, mapped by nobody. */
    SimulatedFile copy() {
        SimulatedFile copy = new SimulatedFile();
        copy.cached = cached.clone();
        copy.durable = durable.clone();
        copy.believed = believed == durable ? copy.durable : believed.clone();
        copy.size = size;
        copy.durableSize = durableSize;
        copy.blocks.or(blocks);
        copy.rewritten.or(rewritten);
        return copy;
    }

    byte[] bytes() {
        return Arrays.copyOf(cached, size);
    }
}
