package io.semel.transactions.groups;

import java.nio.ByteBuffer;

import io.semel.transactions.records.OffsetCommitKey;

/**
 * Decodes keys of offset commits, and knows again by their bytes those that came lately: a group commits the same
 * partitions again and again, and to decode their names costs as much as all that is done with them.
 *
 * <p>Thread rule: as its owner, {@link CommittedOffsets}.
 */
final class OffsetKeys {
    /**
     * A power of two. The partitions of a topic lie side by side, so this many take turns without driving each other
     * out.
     */
    static final int KEPT = 64;

    private static final int SPREAD = 31;

    private final ByteBuffer[] encoded = new ByteBuffer[KEPT];
    private final OffsetCommitKey[] decoded = new OffsetCommitKey[KEPT];

    /** @param key whole, from position to limit, both left as they are */
    OffsetCommitKey decode(ByteBuffer key) {
        int slot = slotOf(key);
        if (!key.equals(encoded[slot])) {
            decoded[slot] = OffsetCommitKey.decode(key);
            // A copy: what the key lies in is lent.
            encoded[slot] = ByteBuffer.allocate(key.remaining()).put(key.duplicate()).flip();
        }
        return decoded[slot];
    }

    /** By length and last byte, the lowest of the partition's number. */
    private static int slotOf(ByteBuffer key) {
        int lengthBytes = key.remaining();
        return (lengthBytes == 0 ? 0 : key.get(key.limit() - 1) + lengthBytes * SPREAD) & KEPT - 1;
    }
}
