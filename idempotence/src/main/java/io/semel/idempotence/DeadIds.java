package io.semel.idempotence;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The producer ids of one directory whose death is on record: one bit each, in blocks of
 * {@link ProducerIds#BLOCK_SIZE}, each block one record. Partitions forget a dead producer one by one, and logs hold
 * its batches until retention takes them: whoever finds it there must know that it is dead (I4).
 *
 * <p>Thread rule: one thread adds; any looks.
 */
public final class DeadIds {
    /** Bytes of a block: a bit for each of its ids, the lowest bit of the first byte for the first. */
    public static final int BLOCK_BYTES = ProducerIds.BLOCK_SIZE / Byte.SIZE;

    /** By number; replaced as a whole. */
    private final Map<Long, byte[]> blocks = new ConcurrentHashMap<>();

    static long blockOf(long producerId) {
        return producerId / ProducerIds.BLOCK_SIZE;
    }

    public boolean contains(long producerId) {
        byte[] block = blocks.get(blockOf(producerId));
        int bit = (int) (producerId % ProducerIds.BLOCK_SIZE);
        return block != null && (block[bit / Byte.SIZE] & 1 << bit % Byte.SIZE) != 0;
    }

    /** The block with one more id in it. */
    static byte[] with(byte[] block, long producerId) {
        byte[] more = block.clone();
        int bit = (int) (producerId % ProducerIds.BLOCK_SIZE);
        more[bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
        return more;
    }

    byte[] block(long number) {
        return blocks.getOrDefault(number, new byte[BLOCK_BYTES]);
    }

    /**
     * Takes over a block from its record.
     *
     * @param dead {@link #BLOCK_BYTES} long
     */
    public void put(long number, byte[] dead) {
        if (dead.length != BLOCK_BYTES) {
            throw new IllegalArgumentException("a block of dead producer ids has " + BLOCK_BYTES + " bytes: block="
                    + number + " given=" + dead.length);
        }
        blocks.put(number, dead.clone());
    }
}
