package io.semel.log.compaction;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The newest offset of every key of the dirty part of a log, in bounded memory.
 *
 * <p>A key is known by 128 bits of its SHA-256, so that memory does not depend on the lengths of keys. Two keys that were
 * taken for one would cost the older one its record: among a thousand million keys the odds of that are below 1 in 10^20, and
 * unlike with a quicker hash nobody can make such keys on purpose.
 *
 * <p>Open addressing over one array of longs: slot by slot two words of the digest, and the offset plus one; zero there says
 * that the slot is free.
 *
 * <p>Thread rule: one thread at a time. Nothing is allocated but the array, which doubles up to its limit.
 */
public final class OffsetMap {
    /** 786,432 keys in 24 MiB: one such map is in use at a time, however many logs there are. */
    public static final int MAX_SLOTS = 1 << 20;

    /** The offset of a key that is not here. */
    public static final long NONE = -1L;

    private static final int FIRST_SLOTS = 1 << 10;
    private static final int WORDS = 3;
    private static final int DIGEST_LENGTH = 32;

    private final int maxSlots;
    private final MessageDigest sha256;
    private final byte[] digest = new byte[DIGEST_LENGTH];
    private final ByteBuffer digestWords = ByteBuffer.wrap(digest);
    private long[] words;
    private int slots;
    private int count;

    public OffsetMap() {
        this(MAX_SLOTS);
    }

    /** @param maxSlots a power of two; three quarters of them are ever used */
    public OffsetMap(int maxSlots) {
        if (Integer.bitCount(maxSlots) != 1 || maxSlots < 4) {
            throw new IllegalArgumentException("maxSlots=" + maxSlots + " must be a power of two, 4 or more");
        }
        this.maxSlots = maxSlots;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        clear();
    }

    /** Forgets everything, and gives the memory back. */
    public void clear() {
        slots = Math.min(FIRST_SLOTS, maxSlots);
        words = new long[WORDS * slots];
        count = 0;
    }

    /**
     * Notes that {@code key} stands at {@code offset}, which is higher than all before.
     *
     * @return false, with nothing noted, when the key is new and the map is full
     */
    public boolean put(ByteBuffer buffer, int keyPosition, int keyLength, long offset) {
        digest(buffer, keyPosition, keyLength);
        long high = digestWords.getLong(0);
        long low = digestWords.getLong(Long.BYTES);
        int slot = slotOf(high, low);
        if (words[WORDS * slot + 2] == 0) {
            if (count >= slots / 4 * 3) {
                if (slots == maxSlots) {
                    return false;
                }
                grow();
                slot = slotOf(high, low);
            }
            words[WORDS * slot] = high;
            words[WORDS * slot + 1] = low;
            count++;
        }
        words[WORDS * slot + 2] = offset + 1;
        return true;
    }

    /** The newest offset of the key, or {@link #NONE}. */
    public long get(ByteBuffer buffer, int keyPosition, int keyLength) {
        if (count == 0) {
            return NONE;
        }
        digest(buffer, keyPosition, keyLength);
        return words[WORDS * slotOf(digestWords.getLong(0), digestWords.getLong(Long.BYTES)) + 2] - 1;
    }

    private void digest(ByteBuffer buffer, int position, int length) {
        if (buffer.hasArray()) {
            sha256.update(buffer.array(), buffer.arrayOffset() + position, length);
        } else {
            sha256.update(buffer.slice(position, length));
        }
        try {
            sha256.digest(digest, 0, DIGEST_LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
    }

    /** The slot that holds this digest, or the free one where it belongs. */
    private int slotOf(long high, long low) {
        int mask = slots - 1;
        int slot = (int) high & mask;
        while (words[WORDS * slot + 2] != 0 && (words[WORDS * slot] != high || words[WORDS * slot + 1] != low)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = words;
        slots *= 2;
        words = new long[WORDS * slots];
        for (int at = 0; at < old.length; at += WORDS) {
            if (old[at + 2] != 0) {
                System.arraycopy(old, at, words, WORDS * slotOf(old[at], old[at + 1]), WORDS);
            }
        }
    }

    /** Keys noted. */
    public int count() {
        return count;
    }

    @Override
    public String toString() {
        return "OffsetMap{keys=" + count + ", slots=" + slots + " <= " + maxSlots + '}';
    }
}
